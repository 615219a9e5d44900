package dev.perilune.query.runs;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/** Reads runs and writes them, so many at a time as fit into memory. */
final class PieceSql {

  private PieceSql() {}

  /** Reads the runs with these keys and writes them. */
  interface Piece {
    Future<Buffer> of(SqlConnection connection, List<RunKey> keys);
  }

  /** Opens a snapshot for one piece. */
  interface Reading {
    <T> Future<T> read(Function<SqlConnection, Future<T>> work);
  }

  /**
   * The runs in pieces.
   *
   * @param connection reads the first piece, in the snapshot that the keys were read in
   * @param later reads the others when their turn comes
   */
  static Future<Iterator<Future<Buffer>>> pieces(
      SqlConnection connection, List<RunKey> keys, Piece piece, Reading later) {
    Iterator<List<RunKey>> pieces = RunKey.pieces(keys).iterator();
    if (!pieces.hasNext()) {
      return Future.succeededFuture(List.<Future<Buffer>>of().iterator());
    }
    return piece
        .of(connection, pieces.next())
        .map(
            first ->
                new PieceIterator(
                    first, pieces, some -> later.read(reader -> piece.of(reader, some))));
  }
}

// Keys stay in the page: nothing is kept in the browser.
SwaggerUIBundle({
  url: '../openapi',
  dom_id: '#api',
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  docExpansion: 'list',
  filter: true,
  validatorUrl: null,
});

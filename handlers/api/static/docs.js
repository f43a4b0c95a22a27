/* The page of the API's document, by Swagger UI. */
window.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("document");
  window.SwaggerUIBundle({
    url: place.dataset.url,
    domNode: place,
    deepLinking: true,
    validatorUrl: null,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    syntaxHighlight: false,
    tryItOutEnabled: false,
  });
});

// Starts Swagger UI on the document of one language: the one in the address, else the browser's, else French.

const asked = new URLSearchParams(location.search).get("lang");
const preferred = navigator.language.startsWith("en") ? "en" : "fr";
const language = ["fr", "en"].includes(asked) ? asked : preferred;

document.documentElement.lang = language;
document.querySelector(`nav [hreflang="${language}"]`).setAttribute("aria-current", "true");

SwaggerUIBundle({
  url: `/docs/openapi.${language}.json`,
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  // A token lives in this page's memory and nowhere else.
  persistAuthorization: false,
  // Nothing is sent to a validator elsewhere.
  validatorUrl: null,
  requestInterceptor(request) {
    request.headers["Accept-Language"] = language;
    return request;
  },
});

// Loads the app on the pages that use it; the static page stays whole when that fails.
const { script, module } = document.querySelector("script[data-module]").dataset;
import(script).then((app) => app.default({ module_or_path: module })).catch(() => {});

// The only scripts of others that pages load. Each plugin wires itself to its data-bs-toggle attribute.
import "bootstrap-italia/dist/plugins/init.js";
import "bootstrap-italia/dist/plugins/accordion.js";
import "bootstrap-italia/dist/plugins/collapse.js";
import "bootstrap-italia/dist/plugins/dropdown.js";
import "htmx.org";

const { readFile } = require("node:fs/promises");
const { join } = require("node:path");

module.exports = async () => ({
    headers: { "Content-Type": "text/html; charset=utf-8" },
    body: await readFile(join(__dirname, "page.html"), "utf8"),
});

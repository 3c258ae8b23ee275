// `npm run pulumi -- up`: the real Pulumi CLI against the local Azure, with the stack "dev" and a state in .azure-realtime unless told otherwise.
const { spawnSync } = require("node:child_process");
const { mkdirSync } = require("node:fs");
const { resolve } = require("node:path");
const { pathToFileURL } = require("node:url");

const state = resolve(__dirname, "../../.azure-realtime/pulumi");
mkdirSync(state, { recursive: true });
const env = { PULUMI_BACKEND_URL: pathToFileURL(state).href, PULUMI_CONFIG_PASSPHRASE: "local", ...process.env };

function pulumi(...args) {
    const { status, error } = spawnSync("pulumi", ["-C", __dirname, ...args], { env, stdio: "inherit" });
    if (error !== undefined) {
        console.error("error: the Pulumi CLI does not start. Install it: https://www.pulumi.com/docs/install/");
    }
    if (status !== 0) {
        process.exit(status ?? 1);
    }
}

const args = process.argv.slice(2);
if (!args.some((arg) => /^(--stack|-s|stack)(=|$)/.test(arg))) {
    pulumi("stack", "select", "dev", "--create");
}
pulumi(...args);

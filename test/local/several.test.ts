import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { buildPackage } from "../support/build";
import { repositoryRoot as root } from "../support/registeredFunctions";
import { until } from "../support/until";

const command = join(root, "dist/cli/azure-realtime.js");
/** A backend whose page is the name of its project and stack. */
const program = `
const pulumi = require("@pulumi/pulumi");
const { WebPubSubBackend } = require("azure-realtime");
const chat = new WebPubSubBackend("chat", { codePath: "app", appSettings: { Own: pulumi.getProject() + "/" + pulumi.getStack() } });
exports.pageUrl = chat.negotiateUrl.apply((url) => url.replace(/negotiate$/, "index"));
exports.endpoint = chat.endpoint;
`;
const http = (more: object[] = []) =>
    JSON.stringify({
        bindings: [
            { type: "httpTrigger", direction: "in", name: "req", authLevel: "anonymous" },
            { type: "http", direction: "out", name: "$return" },
            ...more,
        ],
    });
const app: Record<string, string> = {
    "host.json":
        '{"version":"2.0","extensionBundle":{"id":"Microsoft.Azure.Functions.ExtensionBundle","version":"[4.37.1, 5.0.0)"}}',
    "index/function.json": http(),
    "index/index.js":
        "module.exports = async (context) => { context.log('page of ' + process.env.Own); return { body: process.env.Own }; };",
    "negotiate/function.json": http([{ type: "webPubSubConnection", direction: "in", name: "connection", hub: "hub" }]),
    "negotiate/index.js": "module.exports = async (_context, _req, connection) => ({ body: connection });",
};

interface Started {
    name: string;
    projectDir: string;
    stack: string;
    child: ChildProcess;
    said: string;
    ended: Promise<unknown[]>;
}

describe("several stacks and projects on one machine", function () {
    this.timeout(180_000);
    let folder: string;
    const started: Started[] = [];
    before(async () => {
        buildPackage();
        mkdirSync(join(root, ".azure-realtime/tests"), { recursive: true });
        folder = mkdtempSync(join(root, ".azure-realtime/tests/several-"));
        const [shop, bank] = [writeProject("shop"), writeProject("bank")];
        await Promise.all([start(shop, "shop", "local"), start(shop, "shop", "second"), start(bank, "bank", "local")]);
    });
    after(async () => {
        for (const { child, ended } of started) {
            child.kill("SIGKILL");
            await ended;
        }
        rmSync(folder, { recursive: true, force: true });
    });

    const env = () => ({ ...process.env, AZURE_REALTIME_HOME: join(folder, "home") });
    const run = (...args: string[]) =>
        new Promise<{ code: unknown; output: string }>((done) =>
            execFile(process.execPath, [command, ...args], { env: env() }, (error, stdout, stderr) =>
                done({ code: error?.code ?? 0, output: `${stdout}${stderr}` }),
            ),
        );

    function writeProject(name: string): string {
        const projectDir = join(folder, name);
        const files: Record<string, string> = {
            "Pulumi.yaml": `name: ${name}\nruntime: nodejs\nmain: index.js\n`,
            "package.json": "{}",
            "index.js": program,
            ...Object.fromEntries(Object.entries(app).map(([path, text]) => [join("app", path), text])),
        };
        for (const [path, text] of Object.entries(files)) {
            mkdirSync(join(projectDir, path, ".."), { recursive: true });
            writeFileSync(join(projectDir, path), text);
        }
        mkdirSync(join(projectDir, "node_modules"));
        symlinkSync(root, join(projectDir, "node_modules/azure-realtime"), "junction");
        return projectDir;
    }

    /** Starts a stack, and waits until it serves. */
    async function start(projectDir: string, project: string, stack: string): Promise<void> {
        const args = [command, "start", "--no-watch", "-C", projectDir, "--stack", stack];
        const child = spawn(process.execPath, args, { env: env(), stdio: ["ignore", "pipe", "inherit"] });
        const one: Started = {
            name: `${project}/${stack}`,
            projectDir,
            stack,
            child,
            said: "",
            ended: once(child, "close"),
        };
        started.push(one);
        await new Promise<void>((serves, fails) => {
            child.stdout.on("data", (chunk) => {
                one.said += String(chunk);
                if (one.said.includes("Serving until Ctrl-C.")) {
                    serves();
                }
            });
            child.once("close", () => fails(new Error(`${one.name} ended: ${one.said}`)));
        });
    }

    const output = ({ said }: Started, name: string) => new RegExp(`^ +${name} +(\\S+)$`, "m").exec(said)?.[1] ?? "";
    const page = async (one: Started) => (await fetch(output(one, "pageUrl"))).text();
    /** What the functions of a stack have logged in its folder. */
    const logOf = ({ projectDir, stack }: Started) => {
        const apps = join(projectDir, ".azure-realtime", stack, "apps");
        return readdirSync(apps)
            .map((name) => readFileSync(join(apps, name, "app.log"), "utf8"))
            .join("");
    };
    const pagesIn = (text: string) => [...new Set([...text.matchAll(/page of (\S+)/g)].map(([, name]) => name))];

    it("serve each its own page on its own ports", async () => {
        for (const one of started) {
            assert.equal(await page(one), one.name);
        }
        const urls = started.flatMap((one) => [output(one, "pageUrl"), output(one, "endpoint")]);
        assert.equal(new Set(urls.map((url) => new URL(url).port)).size, 2 * started.length, urls.join());
    });

    it("keep their states and logs apart", async () => {
        const states = started.map(({ projectDir, stack }) =>
            readFileSync(join(projectDir, ".azure-realtime", stack, "state.json"), "utf8"),
        );
        for (const [index, one] of started.entries()) {
            assert.ok(states[index]?.includes(`urn:pulumi:${one.stack}::${one.name.split("/")[0]}::`), one.name);
            const addresses = [output(one, "pageUrl"), output(one, "endpoint")];
            for (const other of states.filter((_, place) => place !== index)) {
                assert.ok(!addresses.some((address) => other.includes(address)), one.name);
            }
            await page(one);
            await until(() => pagesIn(one.said).length > 0 && pagesIn(logOf(one)).length > 0, "the log of a page");
            assert.deepEqual([pagesIn(one.said), pagesIn(logOf(one))], [[one.name], [one.name]]);
        }
    });

    it("are listed with their pages and folders, from any folder", async () => {
        const { code, output: lines } = await run("list");
        assert.equal(code, 0, lines);
        const lineOf = (one: Started) =>
            `${one.name}  process ${one.child.pid}  ${output(one, "pageUrl")}  ${one.projectDir}`;
        assert.deepEqual(lines.trimEnd().split("\n").sort(), started.map(lineOf).sort());
    });

    it("refuse a second start of the same one", async () => {
        const { projectDir, stack, child } = started[1]!;
        const { code, output: refused } = await run("start", "-C", projectDir, "--stack", stack);
        assert.equal(code, 1);
        assert.equal(
            refused,
            `error: Stack "second" is already running in process ${child.pid}. Stop it there with Ctrl-C first.\n`,
        );
    });

    it("end alone without harm to the others, and all with down --all, which keeps their data", async () => {
        const [first, second, third] = started as [Started, Started, Started];
        second.child.kill("SIGTERM");
        assert.deepEqual(await second.ended, [130, null]);
        for (const one of [first, third]) {
            assert.equal(await page(one), one.name);
        }
        const { code, output: lines } = await run("down", "--all");
        assert.equal(code, 0, lines);
        assert.equal(lines.trimEnd().split("\n").length, 2, lines);
        for (const one of [first, third]) {
            assert.match(lines, new RegExp(`^${one.name} has ended\\. Its data stay in `, "m"));
            assert.deepEqual(await one.ended, [130, null]);
            const data = join(one.projectDir, ".azure-realtime", one.stack);
            assert.deepEqual([existsSync(join(data, "state.json")), existsSync(join(data, "lock"))], [true, false]);
        }
        assert.equal((await run("list")).output, "No stack runs on this machine.\n");
        assert.equal((await run("down", "--all")).output, "No stack runs on this machine.\n");
    });
});

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmulator } from "../../cli/emulator";
import { UsageError } from "../../cli/words";
import { runCli } from "../support/cli";

const key = "k3y+of/the==webhook";
const outputs = { negotiateUrl: "https://app.example.test/api/negotiate", endpoint: "https://service.example.test" };

describe("secrets on the command line", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "cli-secrets-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    function stackFile(json: unknown): string {
        const path = join(folder, "stack.json");
        writeFileSync(path, typeof json === "string" ? json : JSON.stringify(json));
        return path;
    }

    describe("of emulator", () => {
        const interrupted = Promise.resolve();
        const emulator = (...args: string[]) => ["emulator", "--port", "0", "--folder", join(folder, "data"), ...args];

        it("stay in an environment variable that --event-handler-env names", async () => {
            const env = { HANDLER: `http://localhost:1/x?code=${encodeURIComponent(key)}` };
            const { code, lines } = await runCli(emulator("--event-handler-env", "HANDLER"), { env, interrupted });
            assert.equal(code, 0);
            assert.doesNotMatch(lines.join("\n"), /k3y|warning/);
        });

        it("are warned of in --event-handler, and are not repeated", async () => {
            const warned: string[] = [];
            const warn = (line: string) => void warned.push(line);
            await runCli(emulator("--event-handler", `http://localhost:1/x?code=${encodeURIComponent(key)}`), {
                interrupted,
                warn,
            });
            assert.match(warned.join("\n"), /warning {2}--event-handler contains a key.*--event-handler-env\.$/);
            assert.doesNotMatch(warned.join("\n"), /k3y/);
        });

        it("need no warning where there are none", async () => {
            const warned: string[] = [];
            const warn = (line: string) => void warned.push(line);
            await runCli(emulator("--event-handler", "http://localhost:1/{hub}?event={event}"), { interrupted, warn });
            assert.deepEqual(warned, []);
        });

        for (const { args, env, message } of [
            { args: ["--event-handler-env", "NONE"], env: {}, message: /NONE is not set/ },
            {
                args: ["--event-handler-env", "A"],
                env: { A: `ftp://${key}` },
                message: /the value of A must be an absolute http/,
            },
            {
                args: ["--event-handler-env", "A", "--event-handler", "http://x/"],
                env: { A: "http://y/" },
                message: /Give one of them/,
            },
        ]) {
            it(`refuses ${args.join(" ")}`, () =>
                assert.rejects(runCli(emulator(...args), { env, interrupted }), (error: Error) => {
                    assert.ok(error instanceof UsageError);
                    assert.match(error.message, message);
                    assert.doesNotMatch(error.message, /k3y/);
                    return true;
                }));
        }

        const command = () => ({
            service: "webpubsub" as const,
            port: 0,
            hubs: [],
            systemEvents: [],
            userEvents: "*",
            anonymous: false,
            folder,
            log: () => undefined,
        });
        const keyOf = async () => {
            const running = await openEmulator(command());
            await running.close();
            return /AccessKey=([^;]*)/.exec(running.connectionString)?.[1];
        };

        it("make a new access key where the file is empty, as a full disk leaves it, and keep it", async () => {
            for (const text of ["", "\n"]) {
                writeFileSync(join(folder, "access-key"), text);
                const made = await keyOf();
                assert.match(String(made), /^[\w-]{64}$/);
                assert.equal(await keyOf(), made);
            }
            assert.deepEqual(
                readdirSync(folder).filter((name) => name.startsWith("access-key")),
                ["access-key"],
            );
        });

        it("refuse an access key that is damaged or cannot be read, and leave it as it is", async () => {
            writeFileSync(join(folder, "access-key"), "half a\nkey");
            await assert.rejects(openEmulator(command()), /access-key is damaged.*Delete the file/);
            assert.equal(readFileSync(join(folder, "access-key"), "utf8"), "half a\nkey");
            rmSync(join(folder, "access-key"));
            mkdirSync(join(folder, "access-key"));
            await assert.rejects(openEmulator(command()), /access-key cannot be read: it is a folder/);
        });
    });

    describe("of verify", () => {
        const failing: typeof fetch = async (input) => {
            throw new Error(`no route to ${String(input)} with ${Buffer.from(`:${key}`).toString("base64")}`);
        };

        for (const [title, args, env] of [
            [
                "--negotiate-url-env",
                ["--negotiate-url-env", "URL", "--endpoint", outputs.endpoint],
                { URL: `${outputs.negotiateUrl}?code=${encodeURIComponent(key)}` },
            ],
            [
                "--webhook-key-env",
                ["--negotiate-url", outputs.negotiateUrl, "--endpoint", outputs.endpoint, "--webhook-key-env", "KEY"],
                { KEY: key },
            ],
            [
                "--master-key-env",
                ["--negotiate-url", outputs.negotiateUrl, "--endpoint", outputs.endpoint, "--master-key-env", "KEY"],
                { KEY: key },
            ],
        ] as const) {
            for (const json of [[], ["--json"]]) {
                it(`are hidden from ${title}${json.join()} in whatever form a failure quotes them`, async () => {
                    const { code, lines } = await runCli(["verify", "--service", "socketio", ...args, ...json], {
                        env,
                        fetch: failing,
                    });
                    assert.equal(code, 1);
                    assert.match(lines.join("\n"), /no route to .*\*\*\*/);
                    assert.doesNotMatch(lines.join("\n"), /k3y|azN5|webhook==|%2Bof/i);
                });
            }
        }

        it("are hidden from the stack's JSON: marked secrets, passwords and keys inside texts", async () => {
            const mark = "4dabf18193072939515e22adb298388d";
            const resources = [
                {
                    type: "pulumi:pulumi:Stack",
                    urn: "urn:pulumi:d::p::pulumi:pulumi:Stack::p-d",
                    outputs: { ...outputs, connection: "Endpoint=x;AccessKey=onesecret;" },
                },
                {
                    type: "x:y:Z",
                    urn: "urn:pulumi:d::p::x:y:Z::z",
                    outputs: { value: { [mark]: "1b47", plaintext: JSON.stringify("twosecret") } },
                },
                {
                    type: "random:index/randomPassword:RandomPassword",
                    urn: "urn:pulumi:d::p::r::k",
                    outputs: { result: "threesecret" },
                },
            ];
            const stack = stackFile({ deployment: { resources } });
            const echo: typeof fetch = async () => {
                throw new Error("onesecret twosecret threesecret");
            };
            const { lines } = await runCli(["verify", stack, "--service", "socketio"], { fetch: echo });
            assert.match(lines.join("\n"), /\*\*\* \*\*\* \*\*\*/);
            assert.doesNotMatch(lines.join("\n"), /(one|two|three)secret/);
        });

        it("are warned of in --negotiate-url", async () => {
            const warned: string[] = [];
            await runCli(
                ["verify", "--negotiate-url", `${outputs.negotiateUrl}?code=${key}`, "--endpoint", outputs.endpoint],
                {
                    fetch: failing,
                    warn: (line) => void warned.push(line),
                },
            );
            assert.match(warned.join("\n"), /--negotiate-url-env/);
            assert.doesNotMatch(warned.join("\n"), /k3y/);
        });
    });

    describe("wrong input of verify and local-settings", () => {
        const settings = JSON.stringify({ IsEncrypted: false, Values: { A: key } });
        const damaged = { "4dabf18193072939515e22adb298388d": "x", plaintext: `{bad ${key}` };
        const stackOf = (localSettings: unknown) => ({
            deployment: {
                resources: [{ type: "pulumi:pulumi:Stack", urn: "u::s", outputs: { ...outputs, localSettings } }],
            },
        });
        for (const [title, args, json, message] of [
            [
                "a folder as target",
                ["local-settings", "$stack", "--output", "$folder"],
                { localSettings: settings },
                /is a folder\. Name a file with --output/,
            ],
            [
                "a folder as target, with --force",
                ["local-settings", "$stack", "--force", "--output", "$folder"],
                { localSettings: settings },
                /is a folder/,
            ],
            [
                "a folder that is missing",
                ["local-settings", "$stack", "--output", "$folder/none/a.json"],
                { localSettings: settings },
                /The folder .*none does not exist/,
            ],
            [
                "a file as folder",
                ["local-settings", "$stack", "--output", "$stack/a.json"],
                { localSettings: settings },
                /The folder .*stack\.json does not exist|cannot be used/,
            ],
            [
                "a URL as target",
                ["local-settings", "$stack", "--output", "file:///tmp/a.json"],
                { localSettings: settings },
                /must be the path of a file, not a URL/,
            ],
            [
                "JSON that is broken inside",
                ["local-settings", "$stack", "--output", "$folder/a.json"],
                { localSettings: `{bad ${key}` },
                /is not a local\.settings\.json/,
            ],
            [
                "a secret that is broken inside",
                ["local-settings", "$stack", "--output", "$folder/a.json"],
                stackOf(damaged),
                /is not JSON itself/,
            ],
            [
                "broken JSON",
                ["local-settings", "$stack", "--output", "$folder/a.json"],
                `{"localSettings": "${key}`,
                /The stack's JSON is invalid/,
            ],
            ["a folder as stack", ["local-settings", "$folder"], {}, /cannot be read: EISDIR/],
            [
                "settings that are broken",
                ["verify", "$stack"],
                { ...outputs, localSettings: `{bad ${key}` },
                /localSettings is not JSON/,
            ],
            [
                "an endpoint that is no URL",
                ["verify", "$stack"],
                { ...outputs, endpoint: "x" },
                /endpoint is "x", which is not a URL/,
            ],
            [
                "an endpoint of another kind",
                ["verify", "$stack"],
                { ...outputs, endpoint: "file:///etc/x" },
                /endpoint is .* which is not a URL that begins with http/,
            ],
            [
                "a negotiate URL of another kind",
                ["verify", "$stack"],
                { ...outputs, negotiateUrl: "file:///etc/x" },
                /which is not a URL that begins with http/,
            ],
        ] as const) {
            it(`gets one clear error for ${title}, and leaves nothing behind`, async () => {
                const path = stackFile(json);
                const before = readdirSync(folder);
                const filled = args.map((arg) => arg.replace("$stack", path).replace("$folder", folder));
                await assert.rejects(runCli(filled), (error: Error) => {
                    assert.ok(error instanceof UsageError, String(error));
                    assert.match(error.message, message);
                    assert.doesNotMatch(error.message, /k3y/);
                    return true;
                });
                assert.deepEqual(readdirSync(folder), before);
                assert.equal(existsSync(`${folder}.next`), false);
            });
        }

        it("is named when the app gives clients an address that is none", async () => {
            for (const endpoint of ["x", "", "file:///x"]) {
                const answer: typeof fetch = async () => Response.json({ endpoint, path: "/p", token: "t" });
                const { code, lines } = await runCli(["verify", stackFile(outputs)], { fetch: answer });
                assert.equal(code, 1);
                assert.match(
                    lines.join("\n"),
                    /The address that the negotiate function gives to clients is ".*", which is not a URL/,
                );
            }
        });
    });
});

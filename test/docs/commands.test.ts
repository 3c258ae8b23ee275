import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { repositoryRoot } from "../support/registeredFunctions";

const read = (path: string) => readFileSync(join(repositoryRoot, path), "utf8");

interface Command {
    /** The whole command without its comment. */
    command: RegExp;
    /** The file of the test that runs the command, and a text from it. */
    test?: [file: string, words: string];
    /** Why no test can run the command. */
    why?: string;
}

const account = "needs an Azure account";
const cli = "needs the Pulumi CLI, which npx fetches from the vendor";

/** Every command that a page tells its reader to run. */
const commands: Command[] = [
    { command: /^npm ci$/, why: "is how a fresh clone comes to run the tests; .ci/run does it" },
    {
        command: /^npm ci && npm (start|test)$/,
        why: "is how a fresh clone begins; .ci/run and test/local/cli.test.ts run the parts",
    },
    { command: /^npm start$/, test: ["test/local/cli.test.ts", "start"] },
    { command: /^npm test$/, why: "is this run" },
    { command: /^npx mocha test\/\S+\.test\.ts$/, why: "is a part of this run" },
    { command: /^npm run format$/, why: "changes files; `npm run lint`, before the tests, checks the same rules" },
    {
        command: /^npm run fuzz -- --minutes \d+$/,
        why: "takes the minutes that it is given; test/fuzz/fuzz.test.ts tries the same targets for a short while",
    },
    { command: /^(npm ci && )?npm pack$/, test: ["test/support/consumer.ts", '["pack"'] },
    {
        command: /^npm install --prefix my-chat[ /]/,
        why: "needs the registry; test/package/npm.test.ts installs the tarball",
    },
    {
        command:
            /^(git clone --depth 1 https:\/\/github\.com\/Azure\/azure-webpubsub|npm install --prefix azure-webpubsub\/)/,
        why: "needs the vendor's repository; test/docs/yourOwnApp.test.ts runs an app of the same shape with the page's configuration",
    },
    { command: /^npm run bench -- --quick$/, test: ["test/bench/quick.test.ts", "quick"] },
    {
        command: /^npm run bench( -- --only [a-z-]+)?$/,
        why: "takes minutes and judges speed, which no test does; test/bench/quick.test.ts runs the rows",
    },
    {
        command: /^npm install azure-realtime /,
        why: "needs the registry; test/package/npm.test.ts installs the tarball",
    },
    { command: /^az /, why: account },
    { command: /^(npx )?pulumi (login|stack init|up|install|config set|package add)\b/, why: `${cli}, and ${account}` },
    { command: /^node functions\/build\.mjs \S+-chat$/, test: ["test/support/registeredFunctions.ts", '"build.mjs"'] },
    {
        command: /^npm install --save-dev azurite$/,
        why: "needs the registry; the tests run with the azurite of this repository",
    },
    { command: /^npx azure-realtime start$/, test: ["test/package/npm.test.ts", '"start", "--no-watch"'] },
    {
        command: /^npx azure-realtime with -- pulumi /,
        test: ["test/cli/with.test.ts", "deploys a program in YAML with the real CLI"],
    },
    {
        command: /^(NODE_EXTRA_CA_CERTS|SSL_CERT_FILE)=\.azure-realtime\/local\/tls\//,
        why: "starts a program of the reader's; test/endToEnd/sdks.test.ts sets these variables for an app",
    },
    { command: /^npm run pulumi -- up$/, test: ["test/plugin/pulumiCommand.test.ts", '["up", "--yes"]'] },
    { command: /^npx pulumi stack output (pageUrl|localSettings)\b/, why: cli },
    {
        command: /^npx pulumi stack (export|output --json) --show-secrets \| npx azure-realtime verify -( |$)/,
        test: ["test/cli/findings.test.ts", "finds the keys in an export"],
    },
    { command: /^curl "\$\(pulumi stack output stagingNegotiateUrl\)"$/, why: cli },
    { command: /^npx pulumi cancel$/, why: cli },
    {
        command: /^npx pulumi stack export \| npx azure-realtime recover( --run)?$/,
        test: ["test/cli/recover.test.ts", "prints an import for each pending create"],
    },
    {
        command: /^npx azure-realtime (start|keys|verify) (-C )?my-chat/,
        test: ["test/docs/yourOwnApp.test.ts", "has commands that work"],
    },
    {
        command: /^npx azure-realtime verify \.azure-realtime\//,
        test: ["test/cli/verify.test.ts", '"--event", "message"'],
    },
    {
        command: /\| npx azure-realtime local-settings - --output /,
        test: ["test/cli/localSettings.test.ts", '"local-settings"'],
    },
    { command: /^(read -rs|export) EVENT_HANDLER$/, test: ["test/cli/secrets.test.ts", "--event-handler-env"] },
    {
        command: /^npx azure-realtime emulator --service webpubsub /,
        test: ["test/package/npm.test.ts", '"emulator", "--service", "webpubsub"'],
    },
];

interface Told {
    page: string;
    line: string;
}

function toldCommands(): Told[] {
    const pages = ["*.md", "{docs,docs/reference,examples,functions/*}/*.md"].flatMap((glob) =>
        globSync(glob, { cwd: repositoryRoot }),
    );
    return pages.flatMap((page) =>
        [...read(page).matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = ""]) =>
            block
                .split("\n")
                .map((line) => line.replace(/\s+#.*$/, "").trim())
                .filter((line) => line !== "")
                .map((line) => ({ page, line })),
        ),
    );
}

describe("the commands in the documentation", () => {
    const told = toldCommands();

    it("are each run by a test, or have a reason why not", () => {
        assert.ok(told.length > 20);
        const unproven = told.filter(({ line }) => !commands.some(({ command }) => command.test(line)));
        assert.deepEqual(unproven, []);
    });

    it("are the only ones in the list", () => {
        const stale = commands.filter(({ command }) => !told.some(({ line }) => command.test(line)));
        assert.deepEqual(
            stale.map(({ command }) => command.source),
            [],
        );
    });

    for (const { command, test, why } of commands) {
        it(`${command.source} is ${test === undefined ? "explained" : `run by ${test[0]}`}`, () => {
            if (test === undefined) {
                assert.ok((why ?? "").length > 5);
                return;
            }
            const [file, words] = test;
            assert.ok(existsSync(join(repositoryRoot, file)), file);
            assert.ok(read(file).includes(words), `${file} does not say ${words}`);
        });
    }
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding } from "../../cli/verify";
import type { OpenStack, ProofStack } from "../../prove/driver";
import { type AllowedValues, type Entry, listEntries } from "../../prove/matrix";
import { type RunOptions, runProof } from "../../prove/run";
import { openStateFile, type ProofState, type StateStore } from "../../prove/state";
import { keys } from "../../stacks/config";

const every: AllowedValues = {
    plan: { type: "string", allowed: ["FC1", "EP1", "EP2", "EP3", "Y1", "B1"] },
    allowSocketIOTriggerOnFlex: { type: "boolean" },
    packageDelivery: { type: "string", allowed: ["Extracted", "Mounted", "Url"] },
};
const finding = (status: Finding["status"]): Finding => ({ check: "client", status, message: "what was seen" });

/** Stacks that note what is done with them, and do what a test tells. */
function fakeStacks(changes: Partial<ProofStack> = {}) {
    const done: string[] = [];
    const open: OpenStack = async ({ name }) => {
        const stack: ProofStack = {
            configure: async (values) => void done.push(`configure ${Object.keys(values).join(" ")}`),
            async up() {
                done.push("up");
                return { same: 40 };
            },
            async verify() {
                done.push("verify");
                return [finding("passed"), finding("skipped")];
            },
            editCode: async () => "/edited",
            showsEdit: async () => true,
            hostVersion: async () => "4.1052.200",
            mayDeleteSecrets: async () => false,
            destroy: async () => void done.push("destroy"),
            leftovers: async () => [],
            remove: async () => void done.push("remove"),
            ...changes,
        };
        done.push(`open ${name}`);
        return stack;
    };
    return { done, open };
}

const entry = (name: string, config: Record<string, string> = { keySource: "KeyVault" }): Entry => ({
    name,
    backend: "socketio",
    plan: "Y1",
    config,
    dollars: 0,
    answers: [],
});

function memoryStore(state: ProofState = { target: "local", entries: {} }): StateStore & { writes: string[] } {
    let text = JSON.stringify(state);
    const writes: string[] = [];
    return {
        writes,
        read: () => JSON.parse(text) as ProofState,
        write(next) {
            text = JSON.stringify(next);
            writes.push(
                Object.values(next.entries)
                    .map(({ status }) => status)
                    .join(" "),
            );
        },
    };
}

async function prove(options: Partial<RunOptions> & Pick<RunOptions, "open">) {
    let time = 0;
    const notes: string[] = [];
    const store = memoryStore();
    const state = await runProof({
        entries: [entry("one")],
        store,
        note: (line) => notes.push(line),
        now: () => {
            time += 1000;
            return time;
        },
        pause: async (milliseconds) => {
            time += milliseconds;
        },
        isStopped: () => false,
        ...options,
    });
    return { state, notes, store };
}

describe("the matrix of npm run prove", () => {
    it("has each service on each plan, with each source of the key and each sign-in, once", () => {
        const { entries, skipped } = listEntries(every, { idleMinutes: 30 });
        assert.deepEqual(skipped, []);
        assert.equal(new Set(entries.map(({ name }) => name)).size, entries.length);
        // Two services with three sources and SignalR with two, on three plans and the three deliveries of B1.
        assert.equal(entries.length, (2 * 3 + 2) * 2 * (3 + 3));
    });

    it("starts with the smallest: the defaults on the plan that costs nothing at rest", () => {
        const names = listEntries(every, { idleMinutes: 30 }).entries.map(({ name }) => name);
        assert.equal(names[0], "socketio-y1-keyvault-identity");
        assert.ok(names.indexOf("socketio-ep1-keyvault-identity") < names.indexOf("socketio-y1-hostkey-identity"));
    });

    it("leaves out what the program cannot be configured with, and names it", () => {
        const { entries, skipped } = listEntries({ plan: { type: "string", allowed: ["FC1"] } }, { idleMinutes: 30 });
        assert.ok(entries.length > 0 && entries.every(({ plan, backend }) => plan === "FC1" && backend !== "socketio"));
        assert.ok(skipped.some((reason) => reason.startsWith("plan Y1:")));
    });

    it("sets only keys that the program has", () => {
        const names = new Set(
            listEntries(keys, { idleMinutes: 30 }).entries.flatMap(({ config }) => Object.keys(config)),
        );
        assert.deepEqual(
            [...names].filter((name) => !Object.hasOwn(keys, name)),
            [],
        );
    });
});

describe("npm run prove", () => {
    it("deploys, sends, edits, rotates, deploys without changes, destroys and removes", async () => {
        const { done, open } = fakeStacks();
        const { state } = await prove({ open });
        const one = state.entries.one!;
        assert.deepEqual(
            [one.status, one.hostVersion, one.steps.map(({ step }) => step)],
            [
                "passed",
                "4.1052.200",
                [
                    "up",
                    "first message",
                    "code edit",
                    "message after the edit",
                    "rotation",
                    "message after the rotation",
                    "second up",
                    "destroy",
                ],
            ],
        );
        assert.ok(one.steps.every(({ seconds }) => seconds > 0));
        assert.deepEqual(done, [
            "open one",
            "configure keySource",
            ...["up", "verify", "configure codePath", "up", "verify", "configure keyRotation", "up", "verify", "up"],
            ...["destroy", "remove"],
        ]);
    });

    it("rotates no key that the extension made", async () => {
        const { open } = fakeStacks();
        const { state } = await prove({ open, entries: [entry("one", { keySource: "Discovered" })] });
        assert.ok(!state.entries.one!.steps.some(({ step }) => step === "rotation"));
    });

    it("waits for a role, and says at which try the first message came", async () => {
        let tries = 0;
        const { open } = fakeStacks({ verify: async () => [finding(++tries === 3 ? "passed" : "failed")] });
        const { state } = await prove({ open });
        // Every later check fails, since only the third passes.
        assert.equal(state.entries.one!.steps[1]!.note, "at try 3");
    });

    it("gives up after 15 minutes, says what it saw, and cleans up", async () => {
        const { open, done } = fakeStacks({ verify: async () => [finding("failed")] });
        const { state } = await prove({ open });
        const one = state.entries.one!;
        assert.deepEqual([one.status, one.error], ["failed", "first message: client: what was seen"]);
        assert.ok(one.steps[1]!.seconds >= 900 && one.steps[1]!.seconds < 960);
        assert.deepEqual(done.slice(-2), ["destroy", "remove"]);
    });

    it("fails when an up without changes changes something", async () => {
        const { open } = fakeStacks({ up: async () => ({ same: 39, update: 1 }) });
        const { state } = await prove({ open });
        assert.match(state.entries.one!.error ?? "", /an up without changes says 39 same, 1 update/);
    });

    it("fails when the edit never shows", async () => {
        const { open } = fakeStacks({ showsEdit: async () => Promise.reject(new Error("503")) });
        assert.match((await prove({ open })).state.entries.one!.error ?? "", /^code edit: the edited page did not/);
    });

    it("destroys twice, keeps the stack of what is left, and goes on with the next entry", async () => {
        const { open, done } = fakeStacks({ leftovers: async () => ["/subscriptions/x"] });
        const { state } = await prove({ open, entries: [entry("one"), entry("two")] });
        assert.match(state.entries.one!.error ?? "", /left behind: \/subscriptions\/x/);
        assert.deepEqual([state.entries.one!.status, state.entries.two!.status], ["left", "left"]);
        assert.ok(!done.includes("remove"));
        let tries = 0;
        const second = fakeStacks({
            async destroy() {
                tries += 1;
                if (tries === 1) {
                    throw new Error("conflict");
                }
            },
        });
        assert.equal((await prove({ open: second.open })).state.entries.one!.status, "passed");
    });

    it("is written down before it starts, so that a run that was killed is cleaned up by the next", async () => {
        const { open, done } = fakeStacks();
        const { store } = await prove({ open });
        assert.equal(store.writes[0], "running");
        const killed = memoryStore({ target: "local", entries: { one: { status: "running", steps: [] } } });
        done.length = 0;
        const { state, notes } = await prove({ open, store: killed });
        assert.deepEqual(done.slice(0, 4), ["open one", "destroy", "remove", "open one"]);
        assert.match(notes[0] ?? "", /an earlier run left it behind/);
        assert.equal(state.entries.one!.status, "passed");
    });

    it("does not run again what passed, and runs again what failed", async () => {
        const { open, done } = fakeStacks();
        const store = memoryStore({
            target: "local",
            entries: { one: { status: "passed", steps: [] }, two: { status: "failed", steps: [] } },
        });
        await prove({ open, store, entries: [entry("one"), entry("two")] });
        assert.deepEqual(
            done.filter((line) => line.startsWith("open")),
            ["open two"],
        );
    });

    it("stops between two entries", async () => {
        const { open, done } = fakeStacks();
        await prove({ open, entries: [entry("one"), entry("two")], isStopped: () => done.includes("remove") });
        assert.deepEqual(
            done.filter((line) => line.startsWith("open")),
            ["open one"],
        );
    });
});

describe("the last steps of npm run prove", () => {
    const pausing = { ...entry("one"), idleMinutes: 30, answers: ["flex-key-vault"] };
    const inVault = { ...entry("one"), answers: ["destroy-without-vault-role", "other"] };

    it("leave the app without traffic for the time that was named, and send one message", async () => {
        const { open, done } = fakeStacks();
        let paused = 0;
        let time = 0;
        const { state } = await prove({
            open,
            entries: [pausing],
            now: () => time,
            async pause(milliseconds) {
                paused += milliseconds;
                time += milliseconds;
            },
        });
        const step = state.entries.one!.steps.at(-2)!;
        assert.deepEqual(
            [step.step, step.note, paused],
            ["message after a pause", "at once, after 30 idle minutes", 30 * 60_000],
        );
        assert.deepEqual(done.slice(-4), ["up", "verify", "destroy", "remove"]);
    });

    it("say what the first message after the pause met, and do not hide it behind a second one", async () => {
        let tries = 0;
        const { open, done } = fakeStacks({
            verify: async () => [finding(++tries === 4 ? "failed" : "passed")],
        });
        const { state } = await prove({ open, entries: [pausing] });
        const one = state.entries.one!;
        assert.equal(one.status, "failed");
        assert.equal(one.error, "message after a pause: after 30 idle minutes, client: what was seen");
        assert.deepEqual([tries, one.unanswered], [4, []]);
        assert.deepEqual(done.slice(-2), ["destroy", "remove"]);
    });

    it("end a pause when the user stops, and clean up", async () => {
        const { open, done } = fakeStacks();
        let pauses = 0;
        const { state } = await prove({
            open,
            entries: [pausing],
            async pause() {
                pauses += 1;
            },
            isStopped: () => pauses === 2,
        });
        assert.match(state.entries.one!.error ?? "", /stopped during the pause/);
        assert.deepEqual(state.entries.one!.unanswered, ["flex-key-vault"]);
        assert.deepEqual([pauses, done.at(-1)], [2, "remove"]);
    });

    it("pause only on Flex Consumption with the keys in a vault, and not when no pause is wanted", () => {
        const pausingEntries = (idleMinutes: number) =>
            listEntries(every, { idleMinutes }).entries.filter((one) => one.idleMinutes !== undefined);
        assert.deepEqual(
            pausingEntries(45).map(({ name, idleMinutes }) => [name, idleMinutes]),
            ["socketio", "webpubsub", "signalr"].map((backend) => [`${backend}-fc1-keyvault-identity`, 45]),
        );
        assert.ok(pausingEntries(45).every(({ answers }) => answers.includes("flex-key-vault")));
        assert.deepEqual(pausingEntries(0), []);
        assert.ok(
            listEntries(every, { idleMinutes: 0 }).entries.every(({ answers }) => !answers.includes("flex-key-vault")),
        );
    });

    for (const { may, note, unanswered } of [
        { may: false, note: /^nothing left, by a deployer without a role in the vault$/, unanswered: [] },
        { may: true, note: /with a role in the vault, which shows nothing/, unanswered: [inVault.answers[0]] },
        { may: undefined, note: /nothing is known/, unanswered: [inVault.answers[0]] },
    ]) {
        it(`say whose destroy it was when the deployer may delete secrets: ${may}`, async () => {
            const { open, done } = fakeStacks({ mayDeleteSecrets: async () => may });
            const { state } = await prove({ open, entries: [inVault] });
            const one = state.entries.one!;
            assert.equal(one.status, "passed");
            assert.match(one.steps.at(-1)!.note, note);
            assert.deepEqual(one.unanswered, unanswered);
            assert.deepEqual(done.slice(-2), ["destroy", "remove"]);
        });
    }

    it("do not fail a run because nobody can say what the deployer may do", async () => {
        const { open } = fakeStacks({ mayDeleteSecrets: async () => Promise.reject(new Error("no az")) });
        assert.equal((await prove({ open, entries: [inVault] })).state.entries.one!.status, "passed");
    });

    it("say nothing of a vault to an entry without one", async () => {
        const { open } = fakeStacks({ mayDeleteSecrets: async () => assert.fail("not asked") });
        assert.equal((await prove({ open })).state.entries.one!.steps.at(-1)!.note, "nothing left");
    });
});

describe("the state file of npm run prove", () => {
    let folder: string;
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "prove-test-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    it("is read as it was written, and refused for another subscription", () => {
        const path = join(folder, "new", "state.json");
        const state: ProofState = { target: "a", entries: { one: { status: "passed", steps: [] } } };
        assert.deepEqual(openStateFile(path, "a").read(), { target: "a", entries: {} });
        openStateFile(path, "a").write(state);
        assert.deepEqual(openStateFile(path, "a").read(), state);
        assert.throws(() => openStateFile(path, "b").read(), /belongs to a, not to b/);
    });

    it("is refused when it is damaged, because resources may be left", () => {
        const path = join(folder, "damaged.json");
        writeFileSync(path, "{");
        assert.throws(() => openStateFile(path, "a").read(), /is not JSON.*look in Azure/);
    });
});

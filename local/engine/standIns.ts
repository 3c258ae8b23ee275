import { join } from "node:path";
import { isObject, type Properties } from "./values";
import { readYaml } from "./yaml";

/** File beside Pulumi.yaml that tells the local Azure what it cannot know. */
export const standInFile = "azure-realtime.local.yaml";

/** The answer of a provider function that the local Azure does not have. */
interface FunctionStandIn {
    token: string;
    /** Arguments that a call must have for this answer; others may be there too. */
    args: Properties;
    result: Properties;
}

/** A resource that exists before the program runs, and that the program refers to by id. */
export interface ExistingStandIn {
    type: string;
    id: string;
    inputs: Properties;
}

/** The outputs of a resource of the program that the local Azure does not run. */
interface OutputStandIn {
    type: string;
    name: string;
    outputs: Properties;
}

/** What `azure-realtime.local.yaml` says. */
export interface StandIns {
    functions: FunctionStandIn[];
    existing: ExistingStandIn[];
    outputs: OutputStandIn[];
    /** Outputs of other stacks, by the name that a StackReference has. */
    stacks: Map<string, Properties>;
}

const sections = ["functions", "resources", "stacks"];

/** One entry of the file, which collects what is wrong with it. */
class Entry {
    private readonly content: Properties;

    constructor(
        private readonly at: string,
        content: unknown,
        private readonly faults: string[],
    ) {
        this.content = isObject(content) ? content : {};
        if (!isObject(content)) {
            faults.push(`${at} must be a map`);
        }
    }

    has = (key: string) => this.content[key] !== undefined;

    only(...keys: string[]): this {
        for (const key of Object.keys(this.content).filter((name) => !keys.includes(name))) {
            this.faults.push(`${this.at}.${key} is not known: allowed are ${keys.join(", ")}`);
        }
        return this;
    }

    text(key: string): string {
        const value = this.content[key];
        if (typeof value !== "string" || value === "") {
            this.faults.push(`${this.at}.${key} must be a text`);
        }
        return String(value);
    }

    map(key: string): Properties {
        const value = this.content[key] ?? {};
        if (!isObject(value)) {
            this.faults.push(`${this.at}.${key} must be a map`);
        }
        return isObject(value) ? value : {};
    }
}

function readEntries(content: Properties, faults: string[]): StandIns {
    const entries = (key: string) => {
        const value = content[key] ?? [];
        if (!Array.isArray(value)) {
            faults.push(`${key} must be a list`);
        }
        const list = Array.isArray(value) ? value : [];
        return list.map((item, index) => new Entry(`${key}[${index}]`, item, faults));
    };
    const found: StandIns = { functions: [], existing: [], outputs: [], stacks: new Map() };
    for (const entry of entries("functions")) {
        entry.only("token", "args", "result");
        found.functions.push({ token: entry.text("token"), args: entry.map("args"), result: entry.map("result") });
    }
    for (const entry of entries("resources")) {
        const type = entry.text("type");
        if (entry.has("id")) {
            entry.only("type", "id", "inputs");
            found.existing.push({ type, id: entry.text("id"), inputs: entry.map("inputs") });
        } else {
            entry.only("type", "name", "outputs");
            found.outputs.push({ type, name: entry.text("name"), outputs: entry.map("outputs") });
        }
    }
    const stacks = new Entry("stacks", content.stacks ?? {}, faults);
    for (const name of Object.keys(isObject(content.stacks) ? content.stacks : {})) {
        found.stacks.set(name, stacks.map(name));
    }
    return found;
}

/** Reads the project's stand-ins; there are none without the file. Throws one error that lists every fault. */
export function readStandIns(projectDir: string): StandIns {
    const file = join(projectDir, standInFile);
    const content = readYaml(file, `a map with ${sections.join(", ")}`);
    if (content === undefined) {
        return { functions: [], existing: [], outputs: [], stacks: new Map() };
    }
    const faults: string[] = [];
    for (const key of Object.keys(content).filter((name) => !sections.includes(name))) {
        faults.push(`${key} is not known: allowed are ${sections.join(", ")}`);
    }
    const found = readEntries(content as Properties, faults);
    if (faults.length > 0) {
        throw new Error(`${file} is invalid:\n  ${faults.join("\n  ")}`);
    }
    return found;
}

const contains = (whole: unknown, part: unknown): boolean =>
    isObject(part) && isObject(whole)
        ? Object.entries(part).every(([key, value]) => contains(whole[key], value))
        : JSON.stringify(whole) === JSON.stringify(part);

/** The answer to a call; of several that fit, the one that asks for the most arguments. */
export function answerOf({ functions }: StandIns, call: { token: string; args: Properties }): Properties | undefined {
    const fitting = functions.filter(({ token, args }) => token === call.token && contains(call.args, args));
    return fitting.sort((one, other) => Object.keys(other.args).length - Object.keys(one.args).length)[0]?.result;
}

export function outputsOf({ outputs }: StandIns, resource: { type: string; name: string }): Properties | undefined {
    return outputs.find(({ type, name }) => type === resource.type && name === resource.name)?.outputs;
}

import { readFileSync } from "node:fs";
import { decodeText, isJsonObject, parseJsonObject } from "../../rules/json";
import { FunctionRuntime } from "../functionApp/args";
import { RealtimeExtension } from "../shared/serviceKinds";
import type { PackageFile } from "./files";

/** A trigger for events of a hub. */
export interface EventTrigger {
    /** Hub, as the code spells it. Undefined where the code does not tell, as with `%setting%`: then it may be any. */
    hub?: string;
    event: string;
    /** Whether the event is one about the connection itself. */
    isSystem: boolean;
}

/** All triggers of an app; undefined where reading the code does not tell them. */
export type EventTriggers = readonly EventTrigger[] | undefined;

export interface TriggerQuestion {
    files: readonly PackageFile[];
    runtime: FunctionRuntime;
    extension: RealtimeExtension;
}

const triggerTypes: Partial<Record<RealtimeExtension, string>> = {
    [RealtimeExtension.SocketIO]: "socketiotrigger",
    [RealtimeExtension.WebPubSub]: "webpubsubtrigger",
};
const systemEvents = ["connect", "connected", "disconnected"];

/**
 * Finds the triggers of an app for events of its hubs. Metadata files tell them exactly. Code tells them where every event name is
 * written as a text; where one is not, or the code is in a language that is not read, nothing is known.
 */
export function findEventTriggers({ files, runtime, extension }: TriggerQuestion): EventTriggers {
    const type = triggerTypes[extension];
    if (type === undefined) {
        return undefined;
    }
    const inCode = (language: Language): EventTriggers => {
        const found = readCode({ files, language, type });
        // A host runs either model: code that registers functions, or function.json.
        return found?.length === 0 ? readFunctionJson(files, type) : found;
    };
    switch (runtime) {
        case FunctionRuntime.Node:
            return hasMain(files) ? inCode(javaScript) : readFunctionJson(files, type);
        case FunctionRuntime.Python:
            return has(files, "function_app.py") ? inCode(python) : readFunctionJson(files, type);
        case FunctionRuntime.DotnetIsolated:
            return readMetadata(files, type);
        default:
            return readFunctionJson(files, type);
    }
}

/**
 * Hubs that bindings of SignalR name in metadata files or in code, without those that a setting names. A hub that code makes of parts is not found.
 * The event of such a trigger may be any text, so what else the code says of it is not read.
 */
export function findSignalRHubs({ files, runtime }: Pick<TriggerQuestion, "files" | "runtime">): string[] {
    const ofFiles = files.filter(({ path }) => functionJson.test(path) || path === "functions.metadata");
    const declared = ofFiles
        .map(({ source }) => readJson(source))
        .flatMap((value) => (Array.isArray(value) ? value : [value]).flatMap((one) => bindingsOf(one) ?? []))
        .filter(({ type }) => lower(type).startsWith("signalr"))
        .flatMap(({ hubname }) => (typeof hubname === "string" ? hubname : []));
    const language =
        runtime === FunctionRuntime.Node ? javaScript : runtime === FunctionRuntime.Python ? python : undefined;
    const written = language === undefined ? [] : signalRHubsIn(files, language);
    return [...new Set([...declared, ...written])].filter((hub) => hub !== "" && !hub.includes("%"));
}

function signalRHubsIn(files: readonly PackageFile[], language: Language): string[] {
    return ownFiles({ files, language }).code.flatMap(({ source }) => {
        const text = readFileSync(source, "utf8").replace(language.comments, "");
        return [...text.matchAll(language.text("hub_?[nN]ame"))].flatMap((match) => {
            const isOne = /signalr/i.test(blockAround(text, match.index, language.brackets) ?? "");
            return isOne ? (match[1] ?? match[2] ?? match[3] ?? []) : [];
        });
    });
}

const functionJson = /^[^/]+\/function\.json$/;

function readFunctionJson(files: readonly PackageFile[], type: string): EventTriggers {
    return collect(
        files.filter(({ path }) => functionJson.test(path)).map(({ source }) => bindingsOf(readJson(source))),
        type,
    );
}

/** .NET writes the bindings of all functions into one file. */
function readMetadata(files: readonly PackageFile[], type: string): EventTriggers {
    const source = files.find(({ path }) => path === "functions.metadata")?.source;
    const list = source === undefined ? undefined : readJson(source);
    return Array.isArray(list) ? collect(list.map(bindingsOf), type) : undefined;
}

function collect(functions: readonly (Record<string, unknown>[] | undefined)[], type: string): EventTriggers {
    if (functions.includes(undefined)) {
        return undefined;
    }
    return functions.flatMap((bindings = []) => bindings.filter((one) => lower(one.type) === type).map(toTrigger));
}

function bindingsOf(value: unknown): Record<string, unknown>[] | undefined {
    const bindings = isJsonObject(value) ? value.bindings : undefined;
    return Array.isArray(bindings) ? bindings.filter(isJsonObject).map(withLowerNames) : undefined;
}

/** Names of properties are compared without case, as the host compares them. */
function withLowerNames(binding: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(binding).map(([name, value]) => [name.toLowerCase(), value]));
}

function toTrigger({ hub, eventname, eventtype }: Record<string, unknown>): EventTrigger {
    return triggerOf({ hub, event: String(eventname ?? ""), eventType: eventtype });
}

function triggerOf({ hub, event, eventType }: { hub: unknown; event: string; eventType: unknown }): EventTrigger {
    const isUser = eventType !== undefined && ["user", "1"].includes(lower(eventType));
    return {
        ...(typeof hub === "string" && hub !== "" && !hub.includes("%") && { hub }),
        event: event.toLowerCase(),
        isSystem: !isUser && systemEvents.includes(event.toLowerCase()),
    };
}

/** How a language writes a property of a trigger. */
interface Language {
    code: RegExp;
    /** Folder of packages, in which only those that register functions themselves are read. */
    packages: RegExp;
    event: RegExp;
    /** A property with a text, as the whole value. */
    text(name: string): RegExp;
    brackets: readonly [string, string];
    /** Lines that are comments. */
    comments: RegExp;
}

const quoted = `(?:"([^"\\\\\\n]*)"|'([^'\\\\\\n]*)'|\`([^\`\\\\$]*)\`)`;
const javaScript: Language = {
    code: /\.[cm]?js$/i,
    packages: /(?:^|\/)node_modules\//,
    event: /(?<![.\w$-])(["']?)eventName\1(?!["'\w$\]])/g,
    text: (name) => new RegExp(`(?<![.\\w$])["']?${name}["']?\\s*:\\s*${quoted}(?=\\s*[,}])`, "g"),
    brackets: ["{", "}"],
    comments: /^[ \t]*(?:\/\/.*|\/\*(?:(?!\*\/)[\s\S])*\*\/)/gm,
};
const python: Language = {
    code: /\.py$/i,
    packages: /(?:^|\/)\.python_packages\//,
    event: /(?<![.\w-])(["']?)event_?[nN]ame\1(?!["'\w\]])/g,
    text: (name) => new RegExp(`(?<![.\\w])${name}\\s*=\\s*${quoted}(?=\\s*[,)])`, "g"),
    brackets: ["(", ")"],
    comments: /^[ \t]*#.*/gm,
};

function readCode(question: { files: readonly PackageFile[]; language: Language; type: string }): EventTriggers {
    const { language, type } = question;
    const marker = new RegExp(
        type === "webpubsubtrigger" ? `${type}|(?<!output)\\.webPubSub\\(|web_pubsub_trigger` : type,
        "i",
    );
    const { code, data } = ownFiles(question);
    const texts = code.map(({ source }) => readFileSync(source, "utf8").replace(language.comments, ""));
    if (texts.every((text) => text.trim() === "")) {
        // A file that is only a place for code tells nothing.
        return undefined;
    }
    if (!texts.some((text) => marker.test(text))) {
        return data.some(({ source }) => marker.test(readFileSync(source, "utf8"))) ? undefined : [];
    }
    const triggers: EventTrigger[] = [];
    for (const text of texts) {
        const found = triggersIn(text, language);
        if (found === undefined) {
            return undefined;
        }
        triggers.push(...found);
    }
    return triggers.length === 0 ? undefined : triggers;
}

/** Code and data of the app itself, and of the packages that need the library with which functions are registered. */
function ownFiles({ files, language }: { files: readonly PackageFile[]; language: Language }) {
    const registering = files
        .filter(({ path }) => /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/.test(path))
        .filter(({ path }) => !/\/(?:@azure\/functions|durable-functions)\/package\.json$/.test(path))
        .filter(({ source }) => needsLibrary(readJson(source)))
        .map(({ path }) => path.slice(0, -"package.json".length));
    const own = files.filter(
        ({ path }) => !language.packages.test(path) || registering.some((folder) => path.startsWith(folder)),
    );
    const isMetadata = (path: string) => functionJson.test(path) || /(?:^|\/)package(-lock)?\.json$/.test(path);
    return {
        code: own.filter(({ path }) => language.code.test(path)),
        data: own.filter(({ path }) => /\.json$/i.test(path) && !isMetadata(path)),
    };
}

function needsLibrary(manifest: unknown): boolean {
    const { dependencies, peerDependencies } = isJsonObject(manifest) ? manifest : {};
    return [dependencies, peerDependencies].some(
        (list) => isJsonObject(list) && Object.hasOwn(list, "@azure/functions"),
    );
}

/** The triggers in one file; undefined where an event's name is not a text. */
function triggersIn(text: string, language: Language): EventTriggers {
    const triggers: EventTrigger[] = [];
    for (const { index } of text.matchAll(language.event)) {
        const block = blockAround(text, index, language.brackets);
        // The same word names what a function sends.
        if (block !== undefined && /\bactionName\b/.test(block)) {
            continue;
        }
        const event = textAt(text, index, language.text("event_?[nN]ame"));
        if (event === undefined) {
            return undefined;
        }
        const of = (name: string) => (block === undefined ? undefined : textAt(block, 0, language.text(name), true));
        triggers.push(triggerOf({ hub: of("hub"), event, eventType: of("event_?[tT]ype") }));
    }
    return triggers;
}

/** The text of a property at a place, or anywhere from it on. */
function textAt(text: string, from: number, pattern: RegExp, anywhere = false): string | undefined {
    pattern.lastIndex = from;
    const match = pattern.exec(text);
    return match === null || (!anywhere && match.index > from) ? undefined : (match[1] ?? match[2] ?? match[3]);
}

const longestBlock = 20_000;

/** What stands in the brackets around a place, without what stands in brackets of its own. Undefined when they are not found nearby. */
function blockAround(text: string, place: number, [open, close]: readonly [string, string]): string | undefined {
    let depth = 0;
    let start = place - 1;
    for (; start >= 0 && place - start < longestBlock; start--) {
        depth += text[start] === close ? 1 : text[start] === open ? -1 : 0;
        if (depth < 0) {
            break;
        }
    }
    if (depth >= 0) {
        return undefined;
    }
    let block = "";
    depth = 0;
    for (let at = start + 1; at < text.length && at - place < longestBlock; at++) {
        if (text[at] === close && depth === 0) {
            return `${block}${close}`;
        }
        depth += text[at] === open ? 1 : text[at] === close ? -1 : 0;
        block += depth === 0 ? text[at] : "";
    }
    return undefined;
}

function hasMain(files: readonly PackageFile[]): boolean {
    const source = files.find(({ path }) => path === "package.json")?.source;
    const manifest = source === undefined ? undefined : readJson(source);
    return isJsonObject(manifest) && typeof manifest.main === "string" && manifest.main !== "";
}

function has(files: readonly PackageFile[], wanted: string): boolean {
    return files.some(({ path }) => path === wanted);
}

/** Reads JSON as the host does, with comments and the like. The metadata of .NET is a list, so the text is read as a member. */
function readJson(source: string): unknown {
    const text = decodeText(readFileSync(source));
    try {
        return parseJsonObject(`{"value":${text}\n}`).value;
    } catch {
        return undefined;
    }
}

function lower(value: unknown): string {
    return String(value).toLowerCase();
}

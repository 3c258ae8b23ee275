import type { InspectEvent } from "./inspect";

export const masked = "***";

const secretHeader =
    /^(authorization|proxy-authorization|cookie|set-cookie|x-functions-key|ce-signature|x-asrs-signature|ocp-apim-subscription-key)$|(^|[-_])(key|token|secret|password|credential|signature)s?$/i;
const longestHeader = 2000;

/** Answers about names of headers. Callers choose the names, so the memory for them is bounded. */
const judged = new Map<string, boolean>();

function isSecretHeader(name: string): boolean {
    let answer = judged.get(name);
    if (answer === undefined) {
        answer = secretHeader.test(name);
        if (judged.size < 500) {
            judged.set(name, answer);
        }
    }
    return answer;
}

/** Headers with the values masked that are, or may be, secrets. */
export function shownHeaders(headers: Record<string, unknown>): Record<string, string> {
    const shown: [string, string][] = [];
    for (const [name, value] of Object.entries(headers)) {
        if (value !== undefined) {
            shown.push([name, isSecretHeader(name) ? masked : shownText(String(value).slice(0, longestHeader))]);
        }
    }
    return Object.fromEntries(shown);
}

/**
 * Without any of these words a text has nothing that the patterns below would find. The last one looks back from a `=`, because a look ahead
 * from each letter of a long text takes forty times as long.
 */
const hint =
    /sign|tok|key|secret|pass|pwd|auth|cookie|creden|conn|sas|salt|code|sig[=" ]|eyJ|sha256|AzFu|bearer|:\/\/|=(?<=[\w+/]{43}=)/i;

/** Names whose value is always a secret, whatever the value is. */
const sureName =
    "(?:signature|(?:access|refresh|id|bearer|auth|csrf|client|security)[_-]?token|token|connection_?string|(?:client|app|shared)?[_-]?secret|authorization|(?:set-)?cookie|password|passphrase|pwd|credential|x-functions-key|(?:primary|secondary|access|account|api|master|shared[_-]?access|system|function|subscription|instrumentation)[_-]?key)s?";
/**
 * Names whose value is a secret when it looks like one, because other things have these names too. No name here or above says what may stand
 * before it: a pattern that does is tried at every letter of a text that somebody made long on purpose.
 */
const likelyName = "(?:\\b(?:code|sig|nonce|salt)|key)";
/** A text of letters and digits without a blank, as keys are. */
const opaque = "(?=[\\w+/=.~%-]{16})(?=[^\\s\"'\\\\]{0,200}[\\d=])[\\w+/=.~%-]{16,}";

/** The quotes around a name and a value, as JSON, JSON in a text of JSON, and a printed object write them. */
const quote = "\\\\{0,7}[\"'`]";
const opening = `\\s{0,9}[:=]\\s{0,9}(?:\\[\\s{0,9})?`;
const sureQuoted = new RegExp(`(${sureName}(?:${quote})?${opening}(\\\\{0,7}["'\`]))(?:(?!\\2)(?:\\\\.|[^]))*`, "gi");
const sureBare = new RegExp(`(${sureName}(?:${quote})?\\s{0,9}[:=]\\s{0,9})${opaque}`, "gi");
const likely = new RegExp(`(${likelyName}(?:${quote})?${opening}(?:${quote})?)${opaque}`, "gi");
/** Parts of connection strings and of queries. */
const parts =
    /((?:access|account|sharedaccess|instrumentation)key=|sharedaccesssignature=|(?:[?&]|%3f|%26)(?:access_token|code|sig|id|token|key)=)[^&;\s"'<>\\…{]{8,}/gi;
/** What is a secret by its own form: tokens, signatures of events, and keys of 32 or 64 bytes. */
const forms =
    /eyJ[\w-]{8,}(?:\.[\w-]*){0,4}|\bsha256=[\da-f]{16,}(?:,sha256=[\da-f]*)*|(?<![\w+/])(?:[A-Za-z\d+/]{43}=|[A-Za-z\d+/]{86}==)|(\bBearer\s{1,3})[\w.~+/=-]{8,}|(:\/\/)[^/?#@\s"'<>]{1,200}@/gi;

const token = /eyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g;
/** Runs of the letters of a host's key, which has its mark behind 30 of them or more. */
const runs = /[\w+/-]{34,}={0,2}/g;
const markOfHostKey = "AzFu";

/** Without the keys of hosts. A token goes first, because its parts may spell the mark by chance. */
function withoutHostKeys(text: string): string {
    return text.includes(markOfHostKey)
        ? text
              .replace(token, (found) => (found.includes(".") ? masked : found))
              .replace(runs, (run) => (run.includes(markOfHostKey, 30) ? masked : run))
        : text;
}

/** A text of a client, an app or a handler without the secrets that can be told by their name or form. */
export function shownText(text: string): string {
    if (!hint.test(text)) {
        return text;
    }
    return withoutHostKeys(text)
        .replace(forms, (_, bearer: string | undefined, scheme: string | undefined) =>
            scheme === undefined ? `${bearer ?? ""}${masked}` : `${scheme}${masked}@`,
        )
        .replace(sureQuoted, `$1${masked}`)
        .replace(sureBare, `$1${masked}`)
        .replace(likely, `$1${masked}`)
        .replace(parts, `$1${masked}`);
}

/** Binary data as base64, without the secrets that its bytes spell. */
function shownBytes(base64: string): string {
    const bytes = Buffer.from(base64, "base64");
    const text = bytes.toString("latin1");
    const shown = shownText(text);
    return shown === text ? base64 : Buffer.from(shown, "latin1").toString("base64");
}

/** An event as it leaves the process: without secrets. Recorded events are not changed, because most of them nobody reads. */
export function shownEvent(event: InspectEvent): InspectEvent {
    const { data, message, fix, headers } = event;
    const shown = { ...event };
    if (data !== undefined) {
        shown.data = event.dataType === "binary" ? shownBytes(data) : shownText(data);
    }
    if (message !== undefined) {
        shown.message = shownText(message);
    }
    if (fix !== undefined) {
        shown.fix = shownText(fix);
    }
    if (headers !== undefined) {
        shown.headers = shownHeaders(headers);
    }
    return shown;
}

/** The kinds of data that a receiver of OpenTelemetry takes. */
export const signals = ["traces", "logs", "metrics"] as const;
export type Signal = (typeof signals)[number];

/** Where the export goes. A signal without an entry is not sent. */
export interface OtlpTarget {
    /** The address that messages name, without a path, which may hold a key. */
    shown: string;
    to: Partial<Record<Signal, { url: string; headers: Record<string, string> }>>;
}

/** A wrong address or environment variable of the export. The message holds no value of a header. */
export class OtlpError extends Error {
    override readonly name = "OtlpError";
}

const prefix = "OTEL_EXPORTER_OTLP_";
/** Headers that belong to the request itself. */
const ownHeaders =
    /^(connection|content-(encoding|length|type)|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

/**
 * Reads where to export to: the given address, or else the variables of OpenTelemetry; undefined when there is none. Headers, such as the key of a
 * receiver, come from the variables only, because others see the arguments of a process.
 * Source: OpenTelemetry specification, protocol/exporter.md, "Configuration Options", and "Specifying headers via environment variables".
 */
export function readOtlpTarget(given: string | undefined, environment: NodeJS.ProcessEnv): OtlpTarget | undefined {
    const variables = (signal: Signal, name: string): string[] => [
        `${prefix}${signal.toUpperCase()}_${name}`,
        `${prefix}${name}`,
    ];
    const read = (name: string): string => environment[name]?.trim() ?? "";
    const to: OtlpTarget["to"] = {};

    function urlOf(signal: Signal): string | undefined {
        const [own = "", common = ""] = variables(signal, "ENDPOINT");
        if (given !== undefined) {
            return signalUrl("--otlp", given, signal);
        }
        if (read(own) !== "") {
            return checked(own, read(own)).href;
        }
        return read(common) === "" ? undefined : signalUrl(common, read(common), signal);
    }

    for (const signal of signals) {
        const url = urlOf(signal);
        if (url === undefined) {
            continue;
        }
        const protocol = variables(signal, "PROTOCOL").find((name) => given === undefined && read(name) !== "");
        // Receivers of OTLP over HTTP take both of its encodings at the same address.
        if (protocol !== undefined && !["http/json", "http/protobuf"].includes(read(protocol))) {
            throw new OtlpError(
                `${protocol} is '${read(protocol)}'. It must be http/json: set it, and an endpoint that takes OTLP over HTTP, which often has port 4318.`,
            );
        }
        // Those of the signal stand behind, because they win.
        const headers = variables(signal, "HEADERS")
            .reverse()
            .flatMap((name) => readHeaders(name, read(name)));
        to[signal] = { url, headers: Object.fromEntries(headers) };
    }
    const urls = Object.values(to).map(({ url }) => url);
    return urls[0] === undefined ? undefined : { to, shown: new URL(urls[0]).origin };
}

function signalUrl(name: string, text: string, signal: Signal): string {
    return `${checked(name, text).href.replace(/\/$/, "")}/v1/${signal}`;
}

/** The address without what an address of a receiver must not have. */
function checked(name: string, text: string): URL {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
        throw new OtlpError(`${name} must be an http or https address without a query, such as http://localhost:4318.`);
    }
    if (url.username !== "" || url.password !== "") {
        throw new OtlpError(`${name} must have no user and no password. Give a key in ${prefix}HEADERS.`);
    }
    return url;
}

/** Reads `name=value,name=value`, whose values are percent-encoded. */
function readHeaders(variable: string, text: string): [name: string, value: string][] {
    const entries = text === "" ? [] : text.split(",").map((entry) => entry.trim());
    return entries
        .filter((entry) => entry !== "")
        .map((entry, index) => {
            const at = entry.indexOf("=");
            const name = entry.slice(0, Math.max(0, at)).trim().toLowerCase();
            // An entry without a name may be a key, so it is not told.
            if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
                throw new OtlpError(
                    `Entry ${index + 1} of ${variable} must be name=value, with the name of a header; a comma within a value is %2C.`,
                );
            }
            if (ownHeaders.test(name)) {
                throw new OtlpError(`${variable} has the header '${name}', which the export sets itself. Remove it.`);
            }
            return [name, readValue(variable, name, entry.slice(at + 1).trim())];
        });
}

function readValue(variable: string, name: string, text: string): string {
    let value: string;
    try {
        value = decodeURIComponent(text);
    } catch {
        throw new OtlpError(
            `The value of '${name}' in ${variable} is not percent-encoded UTF-8. Write a percent sign as %25.`,
        );
    }
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
        throw new OtlpError(
            `The value of '${name}' in ${variable} has characters that a header cannot hold, such as a line break.`,
        );
    }
    return value;
}

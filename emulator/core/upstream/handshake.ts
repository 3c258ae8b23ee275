import type { Dispatcher } from "undici";
import type { Clock } from "../clock";
import { shownUrl, UpstreamError } from "./errors";
import { answerText, sendUpstream, type UpstreamResponse } from "./http";

export interface ValidatorOptions {
    clock: Clock;
    dispatcher: Dispatcher;
    /** Host name of the service, without port. */
    origin: string;
    /** Called when a background check changes the result. */
    onChange?(url: string, failure: string | undefined): void;
}

/**
 * Resolves with undefined when the URL accepts events, or with the reason when it does not. The handshake brings the handler's token
 * too: the vendor's Socket.IO sample asks for a token on every path, and its events arrive.
 */
export type Validator = (url: string, token?: string) => Promise<string | undefined>;

interface Entry {
    /** Undefined until the first check has ended. */
    result: { failure: string | undefined } | undefined;
    interval: number;
    nextCheck: number;
    running: Promise<string | undefined> | undefined;
}

const minInterval = 1000;
const maxInterval = 60_000;
/** Milliseconds for OPTIONS with its retries, and for GET with its own. */
const timeout = 10_000;

/**
 * Makes the abuse-protection handshake before the first event to a URL. Events wait for the first check only;
 * later checks run in the background, 60 s after a success and 1, 2, 4 … 60 s after failures, while the last result stands.
 * Source: the vendor's own emulator, which follows the service here (pull request 1126 of Azure/azure-webpubsub).
 */
export function createValidator(options: ValidatorOptions): Validator {
    const entries = new Map<string, Entry>();

    async function refresh(url: string, entry: Entry, token: string | undefined): Promise<string | undefined> {
        const failure = await check(url, options, token);
        const wasGood = entry.result === undefined || entry.result.failure === undefined;
        const changed = entry.result !== undefined && entry.result.failure !== failure;
        entry.interval =
            failure === undefined ? maxInterval : wasGood ? minInterval : Math.min(entry.interval * 2, maxInterval);
        entry.result = { failure };
        entry.nextCheck = options.clock.elapsed() + entry.interval;
        entry.running = undefined;
        if (changed) {
            options.onChange?.(url, failure);
        }
        return failure;
    }

    return (url, token) => {
        let entry = entries.get(url);
        if (entry === undefined) {
            entry = {
                result: undefined,
                interval: minInterval,
                nextCheck: Number.NEGATIVE_INFINITY,
                running: undefined,
            };
            entries.set(url, entry);
        }
        if (entry.running === undefined && options.clock.elapsed() >= entry.nextCheck) {
            entry.running = refresh(url, entry, token);
        }
        return entry.result === undefined
            ? (entry.running as Promise<string | undefined>)
            : Promise.resolve(entry.result.failure);
    };
}

async function check(url: string, options: ValidatorOptions, token: string | undefined): Promise<string | undefined> {
    const headers = {
        "WebHook-Request-Origin": options.origin,
        "ce-awpsversion": "1.0",
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    };
    const send = (method: "OPTIONS" | "GET"): Promise<UpstreamResponse> =>
        sendUpstream(
            { url, method, headers },
            { clock: options.clock, dispatcher: options.dispatcher, limit: timeout },
        );
    try {
        const first = await send("OPTIONS");
        return judge({ url, answer: first.status === 404 ? await send("GET") : first, origin: options.origin });
    } catch (error) {
        if (error instanceof UpstreamError) {
            return `Abuse protection for '${shownUrl(url)}' failed: ${error.message}`;
        }
        throw error;
    }
}

function judge({ url, answer, origin }: { url: string; answer: UpstreamResponse; origin: string }): string | undefined {
    if (answer.status < 200 || answer.status > 299) {
        const hint = hints[answer.status]?.(origin);
        const more = hint === undefined ? `${answerText(answer)}.` : `. ${hint}`;
        return `Abuse protection for '${shownUrl(url)}' failed: ${answer.status}${more}`;
    }
    const header = answer.headers["webhook-allowed-origin"] ?? [];
    const allowed = typeof header === "string" ? [header] : header;
    if (allowed.some((value) => value === "*" || value.toLowerCase() === origin.toLowerCase())) {
        return undefined;
    }
    return `Abuse protection for '${shownUrl(url)}' missing allowed origins: ${allowed.join("; ")}. It has to answer 'WebHook-Allowed-Origin: ${origin}' or '*'.`;
}

const wrongKey = (): string =>
    "The code in the URL template is missing or is not the host's key for this webhook, or the app's authentication refuses the service's token.";
const hints: Record<number, (origin: string) => string> = {
    400: (origin) =>
        `The handler takes no events from '${origin}': no function of the app has a trigger for this service, or the connection setting of its trigger names another service.`,
    401: wrongKey,
    403: wrongKey,
    404: () =>
        "Nothing answers there: the path of the URL template is wrong, or the function app has not loaded the extension.",
};

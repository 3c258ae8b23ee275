import { messageOf } from "../../emulator/core/errors";
import { type CheckContext, CheckError } from "./check";
import { closedHint } from "./exposure";

export interface Answer {
    status: number;
    headers: Headers;
    text: string;
}

export const longestAnswer = 1024 * 1024;

/** Sends one request. Follows no redirect, because the request may carry a key, and reads at most 1 MiB of the answer. */
export async function ask(
    {
        fetch,
        milliseconds,
        deployed,
    }: Pick<CheckContext, "fetch" | "milliseconds"> & Partial<Pick<CheckContext, "deployed">>,
    url: URL,
    { hint = "", ...init }: RequestInit & { hint?: string } = {},
): Promise<Answer> {
    try {
        const signal = AbortSignal.timeout(milliseconds);
        const response = await fetch(url, { ...init, redirect: "manual", signal });
        refuseRedirect(url, response);
        const closed = response.status === 403 ? closedHint(deployed ?? {}, "app") : undefined;
        if (closed !== undefined) {
            throw new CheckError(`${url.host}${url.pathname} answers 403. ${closed}`);
        }
        return { status: response.status, headers: response.headers, text: await readText(url, response) };
    } catch (error) {
        if (error instanceof CheckError) {
            throw error;
        }
        const closed = closedHint(deployed ?? {}, "app");
        const way = closed === undefined ? hint : ` ${closed}`;
        throw new CheckError(`${url.host} does not answer: ${messageOf(error)}.${way}`);
    }
}

function refuseRedirect(url: URL, response: Response): void {
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null) {
        return;
    }
    const target = URL.canParse(location, url) ? new URL(location, url).origin : "an address that is not valid";
    throw new CheckError(
        `${url.host}${url.pathname} answers ${response.status} and sends the caller to ${target}. No redirect is followed, because it would get the keys. Name the address itself with --negotiate-url, or remove what stands before the app.`,
    );
}

async function readText(url: URL, response: Response): Promise<string> {
    const parts: Uint8Array[] = [];
    let length = 0;
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
        length += part.value.length;
        if (length > longestAnswer) {
            await reader?.cancel();
            throw new CheckError(
                `${url.host}${url.pathname} answers with more than 1 MiB, which no Function App does here.`,
            );
        }
        parts.push(part.value);
    }
    return Buffer.concat(parts).toString("utf8");
}

/** Parses JSON; undefined for any other text. */
export function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

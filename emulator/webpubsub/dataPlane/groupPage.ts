import type { TLSSocket } from "node:tls";
import { parseJson } from "../../core/json";
import { badRequest } from "../../core/rest/errors";
import type { RestAnswer, RestCall } from "../../core/rest/rest";
import type { Member } from "../../core/service/registry";

const maxPageSize = 200;

/** Answers one page of a group's connections, ordered by connection id, with a link to the next page. */
export function listGroupConnections(call: RestCall, members: Iterable<Member>): RestAnswer {
    const pageSize = readCount(call.query, { name: "maxpagesize", most: maxPageSize }) ?? maxPageSize;
    const top = readCount(call.query, { name: "top", most: 2 ** 31 - 1 });
    const after = readContinuation(call);
    const sorted = [...members].sort((a, b) => compare(a.connectionId, b.connectionId));
    const rest = after === undefined ? sorted : sorted.filter((member) => compare(member.connectionId, after) > 0);
    const size = Math.min(pageSize, top ?? pageSize);
    const value = rest.slice(0, size).map(({ connectionId, userId }) => ({ connectionId, userId: userId ?? null }));
    const last = value.at(-1);
    const more = last !== undefined && rest.length > size && (top === undefined || top > size);
    return {
        status: 200,
        body: {
            value,
            nextLink: more ? nextLink({ call, pageSize, top, sent: value.length, last: last.connectionId }) : null,
        },
    };
}

function nextLink(page: {
    call: RestCall;
    pageSize: number;
    top: number | undefined;
    sent: number;
    last: string;
}): string {
    const { call } = page;
    const query = new URLSearchParams({
        "api-version": call.query.get("api-version") ?? "2024-12-01",
        maxpagesize: String(page.pageSize),
        continuationToken: Buffer.from(JSON.stringify([scopeOf(call), page.last])).toString("base64url"),
    });
    if (page.top !== undefined) {
        query.set("top", String(page.top - page.sent));
    }
    const scheme = (call.request.socket as TLSSocket).encrypted === true ? "https" : "http";
    return `${scheme}://${call.request.headers.host}${call.path}?${query}`;
}

/** Reads a continuation token. Each belongs to one group, and is refused for another. */
function readContinuation(call: RestCall): string | undefined {
    const token = readOnce(call.query, "continuationToken");
    if (token === undefined) {
        return undefined;
    }
    try {
        const [scope, last] = parseJson(Buffer.from(token, "base64url").toString("utf8")) as unknown[];
        if (scope === scopeOf(call) && typeof last === "string") {
            return last;
        }
    } catch {
        // An unreadable token is refused below, like any other wrong one.
    }
    throw badRequest("Invalid continuationToken.");
}

function scopeOf({ parameters }: RestCall): string {
    return `${parameters.hub?.toLowerCase()}/${parameters.group}`;
}

function readCount(query: URLSearchParams, { name, most }: { name: string; most: number }): number | undefined {
    const text = readOnce(query, name);
    if (text === undefined) {
        return undefined;
    }
    const count = /^\d+$/.test(text) ? Number(text) : 0;
    if (count < 1 || count > most) {
        throw badRequest(`Invalid ${name} '${text}': it has to be from 1 to ${most}.`);
    }
    return count;
}

function readOnce(query: URLSearchParams, name: string): string | undefined {
    const values = query.getAll(name);
    if (values.length > 1 || values[0]?.trim() === "") {
        throw badRequest(`Invalid ${name}.`);
    }
    return values[0];
}

function compare(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}

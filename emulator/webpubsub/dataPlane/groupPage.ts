import type { TLSSocket } from "node:tls";
import { validationProblem } from "../../core/rest/errors";
import type { RestAnswer, RestCall } from "../../core/rest/rest";
import type { Member } from "../../core/service/registry";

const maxPageSize = 200;

/**
 * Answers one page of a group's connections, ordered by connection id without regard to case, and a link to the next page if there is
 * one. Its token is the last id of the page, and any other text selects the ids after it. Source: recordings of
 * ServiceClientCanListConnectionsInGroup and ...WithContinuationToken in Azure/azure-sdk-assets, net/sdk/webpubsub.
 */
export function listGroupConnections(call: RestCall, members: Iterable<Member>): RestAnswer {
    const pageSize = readCount(call.query, { name: "maxpagesize", most: maxPageSize });
    const top = readCount(call.query, { name: "top", most: 2 ** 31 - 1 });
    const after = readOnce(call.query, "continuationToken");
    const sorted = [...members].sort((a, b) => compare(a.connectionId, b.connectionId));
    const rest = after === undefined ? sorted : sorted.filter(({ connectionId }) => compare(connectionId, after) > 0);
    const size = Math.min(pageSize ?? maxPageSize, top ?? maxPageSize);
    const value = rest.slice(0, size).map(({ connectionId, userId }) => ({ connectionId, userId: userId ?? null }));
    const last = value.at(-1);
    const more = last !== undefined && rest.length > size && (top === undefined || top > size);
    return {
        status: 200,
        body: {
            value,
            ...(more && { nextLink: nextLink({ call, pageSize, top, sent: value.length, last: last.connectionId }) }),
        },
    };
}

function nextLink(page: {
    call: RestCall;
    pageSize: number | undefined;
    top: number | undefined;
    sent: number;
    last: string;
}): string {
    const { call } = page;
    const query = new URLSearchParams({
        ...(page.top !== undefined && { top: String(page.top - page.sent) }),
        ...(page.pageSize !== undefined && { maxpagesize: String(page.pageSize) }),
        continuationToken: page.last,
        "api-version": call.query.get("api-version") ?? "2024-12-01",
    });
    const scheme = (call.request.socket as TLSSocket).encrypted === true ? "https" : "http";
    return `${scheme}://${call.request.headers.host}${call.path}?${query}`;
}

function readCount(query: URLSearchParams, { name, most }: { name: string; most: number }): number | undefined {
    const text = readOnce(query, name);
    if (text === undefined) {
        return undefined;
    }
    const count = /^\d+$/.test(text) ? Number(text) : 0;
    if (count < 1 || count > most) {
        throw validationProblem(name, `Invalid ${name} '${text}': it has to be from 1 to ${most}.`, "json");
    }
    return count;
}

function readOnce(query: URLSearchParams, name: string): string | undefined {
    const values = query.getAll(name);
    if (values.length > 1 || values[0]?.trim() === "") {
        throw validationProblem(name, `Invalid ${name}.`, "json");
    }
    return values[0];
}

function compare(a: string, b: string): number {
    const [left, right] = [a.toLowerCase(), b.toLowerCase()];
    return left === right ? order(a, b) : order(left, right);
}

function order(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}

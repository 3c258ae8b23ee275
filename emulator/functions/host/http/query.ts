import type { IncomingMessage } from "node:http";

/**
 * The parameters of a query in their order. Names ignore case, and the second spelling of a name counts. Sources: QueryFeature.cs and
 * QueryStringEnumerable.cs of dotnet/aspnetcore.
 */
export function parseQuery({
    request,
    url,
}: {
    request: Pick<IncomingMessage, "url">;
    url: URL;
}): Map<string, string[]> {
    const found = new Map<string, { name: string; values: string[] }>();
    for (const part of searchOf({ request, url }).slice(1).split("&")) {
        if (part === "") {
            continue;
        }
        const [first = "", ...rest] = part.split("=");
        const name = decode(first);
        const parameter = found.get(name.toLowerCase()) ?? { name, values: [] };
        if (parameter.values.length === 1) {
            parameter.name = name;
        }
        parameter.values.push(decode(rest.join("=")));
        found.set(name.toLowerCase(), parameter);
    }
    return new Map([...found.values()].map(({ name, values }) => [name, values]));
}

/** The query as it came, with its question mark. A URL of JavaScript encodes some of its characters. */
export function searchOf({ request, url }: { request: Pick<IncomingMessage, "url">; url: URL }): string {
    const target = request.url ?? url.search;
    const start = target.indexOf("?");
    return start < 0 ? "" : target.slice(start);
}

/** Decodes a text as .NET does: what is no UTF-8 stays as it came. */
function decode(text: string): string {
    return text.replaceAll("+", " ").replace(/(?:%[\da-f]{2})+/gi, (run) => {
        try {
            return decodeURIComponent(run);
        } catch {
            return run;
        }
    });
}

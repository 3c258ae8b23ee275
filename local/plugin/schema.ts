import { functions, handlers } from "../azure";

const anything = { $ref: "pulumi.json#/Any" };

/**
 * A schema with the tokens that the local Azure supports. Of a resource it tells the names of the inputs only, which `pulumi import`
 * writes into code: every SDK knows their types itself.
 */
export function createSchema({ name, version }: { name: string; version: string }): string {
    const own = (list: { token: string }[]) =>
        Object.fromEntries<object>(
            list.filter(({ token }) => token.startsWith(`${name}:`)).map(({ token }) => [token, {}] as const),
        );
    const resources = own(handlers);
    for (const { token, inputNames } of handlers) {
        if (token in resources && inputNames) {
            resources[token] = { inputProperties: Object.fromEntries(inputNames().map((input) => [input, anything])) };
        }
    }
    return JSON.stringify({ name, version, resources, functions: own(functions) });
}

import { functions, handlers } from "../azure";

const anything = { $ref: "pulumi.json#/Any" };

/**
 * A schema with the tokens that the local Azure supports. Of a resource it tells the names of the inputs, which `pulumi import` writes
 * into code, and of the outputs, which a program in YAML refers to: every SDK knows their types itself.
 */
export function createSchema({ name, version }: { name: string; version: string }): string {
    const own = (list: { token: string }[]) =>
        Object.fromEntries<object>(
            list.filter(({ token }) => token.startsWith(`${name}:`)).map(({ token }) => [token, {}] as const),
        );
    const resources = own(handlers);
    const properties = (names: string[]) => Object.fromEntries(names.map((one) => [one, anything]));
    for (const { token, inputNames, outputNames } of handlers) {
        if (token in resources && inputNames) {
            resources[token] = {
                inputProperties: properties(inputNames()),
                ...(outputNames && { properties: properties(outputNames()) }),
            };
        }
    }
    return JSON.stringify({ name, version, resources, functions: own(functions) });
}

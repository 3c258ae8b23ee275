import { functions, handlers } from "../azure";

/** A schema with only the tokens that the local Azure supports, because every SDK knows the properties itself. */
export function createSchema({ name, version }: { name: string; version: string }): string {
    const own = (list: { token: string }[]) =>
        Object.fromEntries(
            list.filter(({ token }) => token.startsWith(`${name}:`)).map(({ token }) => [token, {}] as const),
        );
    return JSON.stringify({ name, version, resources: own(handlers), functions: own(functions) });
}

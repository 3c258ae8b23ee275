import { functions, handlers } from "../azure";

/** What the local Azure knows of a package: tokens alone, since every SDK brings its own properties. */
export function createSchema({ name, version }: { name: string; version: string }): string {
    const own = (list: { token: string }[]) =>
        Object.fromEntries(
            list.filter(({ token }) => token.startsWith(`${name}:`)).map(({ token }) => [token, {}] as const),
        );
    return JSON.stringify({ name, version, resources: own(handlers), functions: own(functions) });
}

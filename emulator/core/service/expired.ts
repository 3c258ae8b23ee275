import type { Claims } from "./claims";
import type { KeyRing } from "./keys";
import type { Member } from "./registry";

/** Tokens that count as expired before their time, because somebody asked for it in the inspector. */
export interface Expired {
    /** Expires the tokens that this client's user got until now. */
    add(member: Member): void;
    /** The keys, which refuse such tokens. */
    apply(keys: KeyRing): KeyRing;
}

export function createExpired(now: () => number): Expired {
    /** Seconds since the Unix epoch, by user. */
    const users = new Map<string, number>();

    function refuses(claims: Claims): string | undefined {
        const user = [claims["asrs.s.uid"], claims.nameid, claims.sub].find((claim) => typeof claim === "string") ?? "";
        const before = users.get(user);
        const issued = claims.iat ?? claims.nbf;
        return before !== undefined && typeof issued === "number" && issued < before
            ? "The token has expired, because the inspector ended its time."
            : undefined;
    }

    return {
        add: ({ userId = "" }) => void users.set(userId, Math.floor(now() / 1000)),
        apply: (keys) =>
            users.size === 0
                ? keys
                : { ...keys, refuses, forClients: keys.forClients.map((key) => ({ ...key, refuses })) },
    };
}

import type { RoleName } from "../identity";

/** What the data planes of the Web PubSub resource have in common, whichever kind of client it is for. */
export const webPubSubDataPlane = {
    /** Oldest first. */
    apiVersions: ["2021-10-01", "2022-11-01", "2023-07-01", "2024-01-01", "2024-12-01"],
    resource: "https://webpubsub.azure.com",
    roles: ["webPubSubServiceOwner"],
} as const satisfies { apiVersions: readonly string[]; resource: string; roles: readonly RoleName[] };

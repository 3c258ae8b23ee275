import { type Identity, roles } from "../../emulator/identity";

/** A data-plane token of a new principal. `assign` gives the principal the role that the data plane requires. */
export async function addTestRole(identity: Identity, scope: string): Promise<{ token: string; assign(): void }> {
    const principalId = "11111111-0000-0000-0000-000000000001";
    identity.addPrincipal({ principalId, clientId: principalId, resourceId: `${scope}/caller` });
    return {
        token: await identity.issueToken({ principalId, audience: "https://webpubsub.azure.com" }),
        assign: () => identity.assignRole({ id: "owner", principalId, roleId: roles.webPubSubServiceOwner, scope }),
    };
}

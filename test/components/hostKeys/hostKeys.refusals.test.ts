import { HostKeys, type HostKeysArgs } from "../../../components";
import { refuses } from "../../support/refusals";

const id = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers";

refuses<Partial<HostKeysArgs>>(
    "HostKeys",
    (args) => new HostKeys("chat", { resourceGroupName: "g", extension: "socketio", ...args }),
    [
        [
            { source: "HostKey" },
            "functionAppName: source HostKey works on a Function App, which it needs. Give its name.",
        ],
        [
            { source: "Discovered", functionAppName: "app", keyRotation: "2" },
            "keyRotation: source Discovered reads the key that the extension made, so it cannot be rotated here. Use KeyVault or HostKey, or remove it.",
        ],
        [
            { vaultName: "new-vault", vaultId: `${id}/Microsoft.KeyVault/vaults/old-vault` },
            "vaultName: it is for a new vault, and vaultId names one that exists. Remove one of them.",
        ],
        [
            { source: "Discovered", functionAppName: "app", key: "k".repeat(48) },
            "key: source Discovered reads the key that the extension made. Use KeyVault or HostKey, or remove it.",
        ],
        [
            { key: "k".repeat(48), keyRotation: "2" },
            "keyRotation: it makes a new key, and key gives one. Change key to rotate, and remove keyRotation.",
        ],
        [
            { key: "short+secret" },
            "key: the value given is not a key. Allowed: 32-128 letters, digits, hyphens and underscores, as a RandomPassword with special false makes.",
        ],
        [{ source: "File" as "HostKey" }, 'source: "File" is not known. Allowed: KeyVault, HostKey, Discovered.'],
    ],
);

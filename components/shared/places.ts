import { show } from "./checks";
import { nameRule } from "./names";
import { required, ruled } from "./shape";

/** Azure's name of a region, also as the portal writes it: `westeurope`, `West Europe`. */
export const location = ruled((value) =>
    /^[a-z0-9][a-z0-9 ()-]{0,63}$/i.test(value)
        ? undefined
        : `${show(value)} is not a region. Allowed: an Azure region, such as westeurope.`,
);

export const resourceGroup = required(ruled(nameRule("resourceGroup")));

import type { Rule } from "../shared/checks";
import { nameRule } from "../shared/names";
import type { HostingPlan } from "./args";
import { isTaken, keyStoreReserved, reservedOn } from "./settings";

/** A rule for the name of a connection to a service: its settings must not be those that another part of the app sets. */
export function connectionNameRule(plan: HostingPlan): Rule<string> {
    const isName = nameRule("connection");
    return (name) => {
        const fault = isName(name);
        if (fault !== undefined) {
            return fault;
        }
        const settings = [name, `${name}__serviceUri`];
        const owner = [...reservedOn(plan), keyStoreReserved].find(({ names }) =>
            settings.some((setting) => names.some((taken) => isTaken(setting, taken))),
        )?.owner;
        return owner && `the setting ${name} belongs to ${owner}. Give another name, the one that the bindings name.`;
    };
}

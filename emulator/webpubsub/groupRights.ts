import { messageOf } from "../core/errors";
import { maxPermissions } from "./dataPlane/types";
import { parseGroupPattern } from "./groupPattern";

export type GroupAction = "joinLeaveGroup" | "sendToGroup";

/** The groups that a connection may join and leave, or send to. */
export interface GroupRights {
    allows(group: string): boolean;
    /** False when the connection already holds the most rights allowed. */
    grant(group: string): boolean;
    revoke(group: string): void;
}

const maxPatterns = 10;

export interface GroupRightsOptions {
    action: GroupAction;
    roles: readonly string[];
    /** Called for a role that grants nothing because its pattern is not valid. */
    onRefused(role: string, reason: string): void;
}

/** Derives rights from roles: `webpubsub.sendToGroup`, `webpubsub.sendToGroup.news`, `webpubsub.sendToGroups.news.*`. Case matters. */
export function createGroupRights(options: GroupRightsOptions): GroupRights {
    const patterns: { matches(group: string): boolean }[] = [];
    // A grant or revocation for one group overrides roles for many.
    const literals = new Map<string, boolean>();
    let all = false;

    const byRole = (group: string): boolean => all || patterns.some((pattern) => pattern.matches(group));

    function set(group: string, allowed: boolean): boolean {
        if (literals.has(group) && literals.get(group) !== allowed) {
            literals.delete(group);
        }
        if ((literals.get(group) ?? byRole(group)) === allowed) {
            return true;
        }
        if (literals.size >= maxPermissions) {
            return false;
        }
        literals.set(group, allowed);
        return true;
    }

    function addPattern(role: string, text: string): void {
        try {
            const pattern = parseGroupPattern(text);
            if ("literal" in pattern) {
                set(pattern.literal, true);
            } else if ("all" in pattern) {
                all = true;
            } else if (patterns.length >= maxPatterns) {
                options.onRefused(role, `a connection has at most ${maxPatterns} patterns for one action`);
            } else {
                patterns.push(pattern);
            }
        } catch (error) {
            options.onRefused(role, messageOf(error));
        }
    }

    const exact = `webpubsub.${options.action}`;
    for (const role of options.roles) {
        if (role === exact) {
            all = true;
        } else if (role.startsWith(`${exact}s.`)) {
            addPattern(role, role.slice(exact.length + 2));
        } else if (role.startsWith(`${exact}.`) && role.trim() !== `${exact}.`) {
            set(role.slice(exact.length + 1), true);
        }
    }

    return {
        allows: (group) => literals.get(group) ?? byRole(group),
        grant: (group) => set(group, true),
        revoke: (group) => void set(group, false),
    };
}

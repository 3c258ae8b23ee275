import { messageOf } from "../core/errors";
import { maxPermissions } from "./dataPlane/types";
import { parseGroupPattern } from "./groupPattern";

export type GroupAction = "joinLeaveGroup" | "sendToGroup";

/** The groups that a connection may join and leave, or send to. */
export interface GroupRights {
    allows(group: string): boolean;
    /** False when the connection already holds the most rights allowed. */
    grant(group: string): boolean;
    /** The same for a connection that holds the most exceptions from its rights. */
    revoke(group: string): boolean;
}

// Ten rules, of which the default is one.
const maxPatterns = 9;

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

    function set(group: string, allowed: boolean, most = maxPermissions): boolean {
        const change = (literals.get(group) ?? byRole(group)) === allowed ? 0 : literals.has(group) ? -1 : 1;
        if (literals.size + change > most) {
            return false;
        }
        if (change > 0) {
            literals.set(group, allowed);
        } else if (change < 0) {
            literals.delete(group);
        }
        return true;
    }

    function setAll(): void {
        all = true;
        patterns.length = 0;
        literals.clear();
    }

    function addPattern(role: string, text: string): void {
        try {
            const pattern = parseGroupPattern(text);
            if ("literal" in pattern) {
                set(pattern.literal, true, Number.POSITIVE_INFINITY);
            } else if ("all" in pattern) {
                setAll();
            } else if (patterns.length >= maxPatterns) {
                options.onRefused(role, `a connection has at most ${maxPatterns} patterns for one action`);
            } else {
                patterns.push(pattern);
                for (const group of [...literals.keys()].filter(pattern.matches)) {
                    literals.delete(group);
                }
            }
        } catch (error) {
            options.onRefused(role, messageOf(error));
        }
    }

    const exact = `webpubsub.${options.action}`;
    for (const role of [...options.roles].sort((a, b) => a.localeCompare(b, "en"))) {
        if (role === exact) {
            setAll();
        } else if (role.startsWith(`${exact}s.`)) {
            addPattern(role, role.slice(exact.length + 2));
        } else if (role.startsWith(`${exact}.`) && role.trim() !== `${exact}.`) {
            set(role.slice(exact.length + 1), true);
        }
    }

    return {
        allows: (group) => literals.get(group) ?? byRole(group),
        grant: (group) => set(group, true),
        revoke: (group) => set(group, false),
    };
}

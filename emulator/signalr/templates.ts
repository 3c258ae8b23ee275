import type { UpstreamTemplate } from "./types";

export interface UpstreamEvent {
    hub: string;
    category: "connections" | "messages";
    event: string;
}

/** A template with its patterns compiled. */
export interface PreparedTemplate {
    template: UpstreamTemplate;
    matches(event: UpstreamEvent): boolean;
}

export function prepareTemplate(template: UpstreamTemplate): PreparedTemplate {
    const hub = preparePattern(template.hubPattern);
    const category = preparePattern(template.categoryPattern);
    const event = preparePattern(template.eventPattern);
    return {
        template,
        matches: (candidate) => hub(candidate.hub) && category(candidate.category) && event(candidate.event),
    };
}

/** Finds the first template that takes the event. */
export function findTemplate(
    templates: readonly PreparedTemplate[],
    event: UpstreamEvent,
): UpstreamTemplate | undefined {
    return templates.find((candidate) => candidate.matches(event))?.template;
}

function preparePattern(pattern: string | undefined): (value: string) => boolean {
    const names = new Set((pattern ?? "*").split(",").map((name) => name.trim()));
    return names.has("*") ? () => true : (value) => names.has(value);
}

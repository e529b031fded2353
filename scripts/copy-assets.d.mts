export function copyPresets(dist: URL): void;

import manifest from '../package.json' with { type: 'json' };

/** Version of this collector, as rows and help show it. */
export const version: string = manifest.version;

/**
 * Docker's answers about networks, volumes and images → what the decision knows of them.
 * Owns: the meaning of their fields. Must not know: how they were fetched.
 */
import { LABELS } from '../../model/labels.js';
import type { ObservedImage, ObservedNetwork, ObservedVolume } from '../../model/observed.js';
import { type JsonRecord, listOf, recordOf, textOf, textsOf } from './json.js';
import { hasCheck, IMAGE_VERSION_LABEL } from './observe.js';

/** A network as listed. */
export function networkOf(answer: unknown): ObservedNetwork {
  const raw = recordOf(answer);
  const labels = textsOf(raw.Labels);
  return {
    id: textOf(raw.Id),
    name: textOf(raw.Name),
    driver: textOf(raw.Driver),
    project: labels[LABELS.project] ?? null,
    hash: labels[LABELS.hash] ?? null,
  };
}

/** A volume as listed or inspected. */
export function volumeOf(answer: unknown): ObservedVolume {
  const raw = recordOf(answer);
  const labels = textsOf(raw.Labels);
  return {
    name: textOf(raw.Name),
    driver: textOf(raw.Driver),
    project: labels[LABELS.project] ?? null,
    hash: labels[LABELS.hash] ?? null,
  };
}

/** An image as inspected. */
export function imageOf(answer: unknown): ObservedImage {
  const raw = recordOf(answer);
  const config = recordOf(raw.Config);
  return {
    id: platformImageId(raw),
    version: imageLabels(raw)[IMAGE_VERSION_LABEL] ?? null,
    hasHealthcheck: hasCheck(config.Healthcheck),
  };
}

/** Labels of an inspected image. */
export const imageLabels = (answer: unknown): Readonly<Record<string, string>> =>
  textsOf(recordOf(recordOf(answer).Config).Labels);

/**
 * The id of what runs on this platform. With the containerd image store `Id` is the digest of the index of all
 * platforms, which changes when another platform's image does; the manifest of this one is among `Manifests`.
 */
function platformImageId(raw: JsonRecord): string {
  const own = listOf(raw.Manifests)
    .map(recordOf)
    .find((manifest) => manifest.Kind === 'image' && isSamePlatform(raw, manifest));
  return textOf(recordOf(own?.Descriptor).digest) || textOf(raw.Id);
}

function isSamePlatform(image: JsonRecord, manifest: JsonRecord): boolean {
  const platform = recordOf(recordOf(manifest.ImageData).Platform);
  return (
    textOf(platform.os) === textOf(image.Os) &&
    textOf(platform.architecture) === textOf(image.Architecture) &&
    textOf(platform.variant) === textOf(image.Variant)
  );
}

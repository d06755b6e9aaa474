/**
 * What serves in the place of fields that are not supported.
 * Owns: the end of that sentence, for each field of each mapping. Must not know: which fields are supported.
 */

const IN_A_FILE = 'put the text into a file, and name that in file';
const OF_THE_FILE = 'owner and mode are those of the file: set them there, and remove this';

const OF_A_FILE = {
  environment: IN_A_FILE,
  content: IN_A_FILE,
  external: `Docker keeps none by itself: ${IN_A_FILE}`,
  name: 'services refer to it by metadata.name: remove this',
  driver: `there is none: ${IN_A_FILE}`,
  driver_opts: 'there is no driver: remove it',
  template_driver: 'the file is taken as it stands: fill it in before, and remove this',
  labels: 'it is nothing on Docker that could bear them: remove them',
};
const OF_A_USE = { uid: OF_THE_FILE, gid: OF_THE_FILE, mode: OF_THE_FILE };

/** By the title of the mapping, then by the field. Maps, because a field may be called `toString`. */
const INSTEAD: ReadonlyMap<unknown, ReadonlyMap<string, string>> = new Map(
  Object.entries({
    ServiceSpec: { build: 'build the image, then name it in image' },
    SecretSpec: OF_A_FILE,
    ConfigSpec: OF_A_FILE,
    FileMetadata: { labels: OF_A_FILE.labels },
    SecretEntry: OF_A_USE,
    ConfigEntry: OF_A_USE,
  }).map(([title, fields]) => [title, new Map(Object.entries(fields))]),
);

/** The field that serves in its place, where one does; else null. */
export const replacementOf = (title: unknown, field: string): string | null =>
  insteadOf(title, field).endsWith(IN_A_FILE) ? 'file' : null;

/** What to do about a field of a mapping with this title in the schema. */
export const insteadOf = (title: unknown, field: string): string =>
  INSTEAD.get(title)?.get(field) ?? 'remove it';

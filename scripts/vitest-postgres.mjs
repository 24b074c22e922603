// The tests of the project «postgres» run against a PostgreSQL that is started for them.
import { startPostgres } from './postgres.mjs';

export default async function setUpPostgres(project) {
  const postgres = await startPostgres();
  project.provide('postgresUrl', postgres.url);
  return () => postgres.stop();
}

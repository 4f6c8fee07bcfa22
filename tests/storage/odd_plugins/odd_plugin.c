/* Plugins that the loader must refuse: each is built from this with another text for ODD, which is
 * what is odd about it. And the proof that the contract is C. */
#include <stdio.h>
#include <string.h>

#include "storage/contract/reckoner_storage.h"

static int odd_is(const char* what) {
  return strcmp(ODD, what) == 0;
}

static reckoner_status odd_open(const reckoner_open_options* options, reckoner_store** store,
                                reckoner_error* error) {
  (void)store;
  snprintf(error->code, sizeof error->code, "connection_failed");
  /* As a library that is called may do: the URL with all that is in it. */
  snprintf(error->detail, sizeof error->detail, "no way to %.*s", (int)options->url.size,
           (const char*)options->url.data);
  return RECKONER_RETRY;
}

static void odd_close(reckoner_store* store) {
  (void)store;
}

/* No store is ever opened, so what the others would do does not matter. */
static void fill_the_rest(reckoner_storage_plugin* plugin) {
  void (*const never)(reckoner_store*) = odd_close;
#define FILL(NAME) memcpy(&plugin->NAME, &never, sizeof never)
  FILL(lock), FILL(take_epochs), FILL(commit), FILL(commit_aside), FILL(commit_beside);
  FILL(shard_state), FILL(open_reader), FILL(close_reader), FILL(refresh), FILL(get);
  FILL(scan), FILL(scan_journal), FILL(info), FILL(migrate), FILL(check);
}

reckoner_status reckoner_storage_plugin_v1(uint32_t host_version, reckoner_storage_plugin* plugin,
                                           reckoner_error* error) {
  if (odd_is("silent")) return 42;
  if (odd_is("refusing")) {
    snprintf(error->code, sizeof error->code, "contract_version");
    snprintf(error->detail, sizeof error->detail, "it speaks version 41, the program version %u",
             host_version);
    return RECKONER_FATAL;
  }
  if (odd_is("unversioned")) return RECKONER_OK;
  plugin->contract_version = host_version + (odd_is("wrong_version") ? 7 : 0);
  plugin->name = "odd";
  plugin->version = "1.0";
  plugin->open = odd_open;
  plugin->close = odd_close;
  if (!odd_is("incomplete")) fill_the_rest(plugin);
  return RECKONER_OK;
}

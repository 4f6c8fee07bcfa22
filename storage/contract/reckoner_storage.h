/* The contract of a storage plugin, in C, so that it can be written in any language with a C
 * interface (docs/plugins.md shows how).
 *
 * A store is a fenced, transactional, ordered key-value store with an append-only journal, and
 * nothing more: it knows nothing of billing, and reads no clock. The host judges, prices and
 * deduplicates; the plugin keeps bytes, atomically and durably.
 *
 * A plugin exports one function, reckoner_storage_plugin_v1. The host passes the contract's version
 * and a table; the plugin fills it, or refuses with RECKONER_FATAL and both versions in the error.
 * While the version is 0 the contract may change with each release.
 *
 * Ownership: bytes passed to a call, and bytes passed to a callback, are borrowed until it returns.
 * A plugin allocates and frees its handles itself. No exception crosses.
 * Threads: see each call. Calls on one handle, unless it says otherwise, come one at a time. */
#ifndef RECKONER_STORAGE_H
#define RECKONER_STORAGE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RECKONER_STORAGE_CONTRACT_VERSION 0u

/* What became of a call. */
typedef int32_t reckoner_status;
enum {
  RECKONER_OK = 0,
  RECKONER_FENCED = 1,         /* a later owner took the shard; nothing was committed */
  RECKONER_WRONG_SEQUENCE = 2, /* the shard's last sequence is another; nothing was committed */
  RECKONER_FULL = 3,           /* no room; rolled back for sure; may work again later */
  RECKONER_RETRY = 4,          /* not committed for sure (busy, timed out); may work at once */
  RECKONER_IN_DOUBT = 5,       /* a commit may have happened: ask shard_state, then go on */
  RECKONER_FATAL = 6,          /* the store can not be used any more, or never could */
  RECKONER_HELD = 7,           /* another living owner holds the lock; the detail says who */
};

/* Zero-terminated, cut where too long. `code` is for programs: lower case and underscores. */
typedef struct reckoner_error {
  char code[40];
  char detail[472];
} reckoner_error;

typedef struct reckoner_bytes {
  const uint8_t* data; /* may be null when size is 0 */
  uint64_t size;
} reckoner_bytes;

/* --- Tables ---------------------------------------------------------------------------------
 * The list is closed. Keys are in order of bytes (memcmp, then the shorter first). A key has 1 to
 * 1024 bytes, a value (or a block) at most 8 MiB: a plugin may refuse others.
 *
 * Plain tables hold a value of bytes for each key. */
enum {
  RECKONER_META = 1,               /* what the store is: a few records */
  RECKONER_BOOKS = 2,              /* price books and settings, by number */
  RECKONER_MARKS = 3,              /* how far what follows from each shard's journal is written */
  RECKONER_CUSTOMERS = 4,          /* snapshots; values of some 100 bytes to some kilobytes */
  RECKONER_CHARGES = 5,            /* by customer and number */
  RECKONER_CLOSED_USAGE = 6,       /* by customer and period */
  RECKONER_DUE = 7,                /* by instant and customer; empty values */
  RECKONER_POLAR_CUSTOMERS = 8,    /* who is linked to whom */
  RECKONER_KNOWN_CUSTOMERS = 9,    /* the same from the other side */
  RECKONER_UNLINKED_EMAILS = 10,   /* an index: e-mail and id; empty values */
  RECKONER_REMEMBERED_EMAILS = 11, /* likewise */
  RECKONER_PARKED = 12,            /* webhooks that wait for a link */
  RECKONER_OPEN_CHARGES = 13,      /* by customer and number: those that are not closed */
  RECKONER_CHARGES_BY_TIME = 14,   /* an index: the newest first, then customer and number */
  RECKONER_API_KEYS = 15,          /* by key's id: who may call the engine, and for what */

  /* Typed tables, for people with a SQL prompt: real columns. A key is its key columns' texts,
   * joined by a zero byte (texts hold none; trailing ones that are missing in the key that a scan
   * begins with count as empty; other keys have all). A value is a row of the other columns, in the
   * order below. */
  RECKONER_USERS = 32,
  RECKONER_BILLING_EVENTS = 33,
  RECKONER_USAGE_DAILY = 34,

  /* Derived data that may be lost: put and deleted by commit_aside only, apart from all other
   * commits, from a thread of its own. Values of up to some megabytes. */
  RECKONER_KEY_LOG = 64,
};

/* Columns of the typed tables; the first ones, up to `keys`, are text and make the key.
 *
 * A row is a cell for each other column: a byte for its type, then, unless it is null, 8 bytes
 * little endian (integer, instant) or a length of 4 bytes little endian and that many bytes.
 * Every column but those of type json, and key columns, may be null. Rows come back as they were
 * put, but for decimals, which are the same number, and JSON, which is the same value: a database
 * may write them in its own way ("1.5" as "1.50"). */
enum {
  RECKONER_CELL_NULL = 0,
  RECKONER_CELL_INTEGER = 1, /* signed, 64 bits */
  RECKONER_CELL_TEXT = 2,    /* UTF-8 */
  RECKONER_CELL_DECIMAL = 3, /* an exact number as ASCII text; never a float */
  RECKONER_CELL_INSTANT = 4, /* microseconds since 1970, UTC */
  RECKONER_CELL_JSON = 5,    /* a JSON text in UTF-8 */
};
typedef struct reckoner_column {
  const char* name;
  uint32_t type;  /* RECKONER_CELL_… */
  uint32_t scale; /* decimal: digits behind the point, at most */
} reckoner_column;
typedef struct reckoner_typed_table {
  uint32_t table;
  const char* name;
  uint32_t keys;
  uint32_t columns;
  const reckoner_column* column;
} reckoner_typed_table;

static const reckoner_column reckoner_users_columns[] = {
    {"customer_id", RECKONER_CELL_TEXT, 0},    {"email", RECKONER_CELL_TEXT, 0},
    {"name", RECKONER_CELL_TEXT, 0},           {"company", RECKONER_CELL_TEXT, 0},
    {"tier", RECKONER_CELL_TEXT, 0},           {"polar_customer_id", RECKONER_CELL_TEXT, 0},
    {"billing_day", RECKONER_CELL_INTEGER, 0}, {"status", RECKONER_CELL_TEXT, 0},
};
static const reckoner_column reckoner_billing_events_columns[] = {
    {"customer_id", RECKONER_CELL_TEXT, 0}, {"created_at", RECKONER_CELL_TEXT, 0},
    {"id", RECKONER_CELL_TEXT, 0},          {"polar_event_id", RECKONER_CELL_TEXT, 0},
    {"event_type", RECKONER_CELL_TEXT, 0},  {"amount_usd", RECKONER_CELL_DECIMAL, 2},
    {"currency", RECKONER_CELL_TEXT, 0},    {"status", RECKONER_CELL_TEXT, 0},
    {"description", RECKONER_CELL_TEXT, 0}, {"metadata", RECKONER_CELL_JSON, 0},
};
static const reckoner_column reckoner_usage_daily_columns[] = {
    {"customer_id", RECKONER_CELL_TEXT, 0}, {"day", RECKONER_CELL_TEXT, 0},
    {"operation", RECKONER_CELL_TEXT, 0},   {"tokens", RECKONER_CELL_INTEGER, 0},
    {"requests", RECKONER_CELL_INTEGER, 0}, {"cost_usd", RECKONER_CELL_DECIMAL, 12},
};
static const reckoner_typed_table reckoner_typed_tables[] = {
    {RECKONER_USERS, "users", 1, 8, reckoner_users_columns},
    {RECKONER_BILLING_EVENTS, "billing_events", 3, 10, reckoner_billing_events_columns},
    {RECKONER_USAGE_DAILY, "usage_daily", 3, 6, reckoner_usage_daily_columns},
};

/* --- Commits --------------------------------------------------------------------------------
 * Shards are numbered from 0. A shard's journal is a run of blocks; a block holds `count` entries
 * with contiguous sequences, the first of a shard being 1. */
enum { RECKONER_APPEND = 1, RECKONER_PUT = 2, RECKONER_DELETE = 3 };

typedef struct reckoner_operation {
  uint32_t kind;
  uint32_t target;         /* append: the shard; else the table */
  uint64_t first_sequence; /* append: of the block's first entry; contiguous within the shard */
  uint32_t count;          /* append: entries in the block, at least 1 */
  uint32_t reserved;
  reckoner_bytes key;   /* put, delete; deleting what is not there is no fault */
  reckoner_bytes value; /* append: the block; put */
} reckoner_operation;

/* What the committer believes of a shard that it appends to. All claims are checked, and epochs
 * first: one of another epoch is RECKONER_FENCED, else one of another last sequence, or a block
 * that does not follow the one before it, RECKONER_WRONG_SEQUENCE. At most one for each shard. */
typedef struct reckoner_claim {
  uint32_t shard;
  uint32_t reserved;
  uint64_t epoch;         /* as take_epochs gave it */
  uint64_t last_sequence; /* before this commit; 0: the shard is empty */
} reckoner_claim;

/* All of it or nothing, durable when it returns RECKONER_OK. Operations take effect in their
 * order. Puts and deletes need a claim too: whose owner writes them (any of its shards).
 * What is no batch (a shard or table that there is not, an append without a claim or entries, bytes
 * that are no row of their table) is RECKONER_FATAL: the host has a bug. Nothing is committed. */
typedef struct reckoner_batch {
  uint32_t struct_size;
  uint32_t timeout_ms; /* 0: the plugin's own */
  const reckoner_claim* claims;
  uint64_t claim_count;
  const reckoner_operation* operations;
  uint64_t operation_count;
} reckoner_batch;

/* --- Opening --------------------------------------------------------------------------------- */
enum {
  RECKONER_OPEN_CREATE = 1,    /* make the store if it is not there; without: RECKONER_FATAL */
  RECKONER_OPEN_READ_ONLY = 2, /* works beside a living owner; what would write: RECKONER_FATAL */
  RECKONER_OPEN_MIGRATING = 4, /* an older schema is no fault: `migrate` comes next */
};
typedef struct reckoner_open_options {
  uint32_t struct_size;
  uint32_t flags;
  uint32_t shards; /* how many a new store will have, at least 1; others keep their own */
  uint32_t timeout_ms;
  reckoner_bytes url; /* as configured, scheme included */
} reckoner_open_options;

typedef struct reckoner_store reckoner_store;
typedef struct reckoner_reader reckoner_reader;

typedef struct reckoner_shard_state {
  uint64_t epoch;
  uint64_t last_sequence;
} reckoner_shard_state;

typedef struct reckoner_store_info {
  uint32_t struct_size;
  uint32_t schema_version; /* of the stored data */
  uint32_t schema_newest;  /* that the plugin knows */
  uint32_t shards;
  uint32_t lanes; /* how many threads may commit at once, to disjoint shards */
  uint32_t reserved;
  uint64_t bytes_used; /* on disk, all files */
  uint64_t bytes_free; /* that it may grow by; UINT64_MAX: not known */
  char engine[64];     /* "SQLite 3.40.1" */
  char place[256];     /* for people; no password in it */
} reckoner_store_info;

/* Callbacks return 0 to go on, anything else to stop; stopping is no fault. */
typedef int32_t (*reckoner_on_row)(void* context, reckoner_bytes key, reckoner_bytes value);
typedef int32_t (*reckoner_on_block)(void* context, uint64_t first_sequence, uint32_t count,
                                     reckoner_bytes block);
typedef int32_t (*reckoner_on_progress)(void* context, uint64_t done, uint64_t total,
                                        const char* what);
/* `where` names the place of damage: a table, a page, a file. */
typedef int32_t (*reckoner_on_damage)(void* context, const char* where, const char* what);

typedef struct reckoner_storage_plugin {
  uint32_t struct_size; /* set by the host: as much as it knows */
  uint32_t contract_version;
  const char* name;    /* as in URLs */
  const char* version; /* of the plugin */

  reckoner_status (*open)(const reckoner_open_options*, reckoner_store**, reckoner_error*);
  /* Ends everything, the lock included. After it the handle is gone. Its readers were closed. */
  void (*close)(reckoner_store*);

  /* Keeps other owners out until close or the end of the process, however it ends. `owner` is for
   * people: who holds it. RECKONER_HELD where a living one does, unless `take_over`: then the lock
   * passes on, and the one that lost it learns so when it is fenced. Who has it may lock again.
   * Handles that never took it write no more than commit_beside: take_epochs, commit, commit_aside
   * and migrate are RECKONER_FATAL. */
  reckoner_status (*lock)(reckoner_store*, reckoner_bytes owner, int32_t take_over,
                          reckoner_error*);
  /* Raises the epoch of every shard by one, durably, and says what each is now (`states` has room
   * for all shards; all are 0 in a new store). Commits under an earlier epoch are RECKONER_FENCED
   * from then on. A handle that lost the lock to another is RECKONER_FENCED itself, and raises
   * nothing: one that was slow must not fence its successor. */
  reckoner_status (*take_epochs)(reckoner_store*, reckoner_shard_state* states, reckoner_error*);

  /* One thread at a time for each lane, which are numbered from 0; beside readers and
   * commit_aside. */
  reckoner_status (*commit)(reckoner_store*, uint32_t lane, const reckoner_batch*, reckoner_error*);
  /* Puts and deletes of RECKONER_KEY_LOG, without claims, all or nothing; readers see them once
   * refreshed, and they need not be durable before close. One thread at a time, beside commits. */
  reckoner_status (*commit_aside)(reckoner_store*, const reckoner_batch*, reckoner_error*);
  /* Puts and deletes of RECKONER_API_KEYS, without claims, by any handle but one that is opened to
   * read: with the lock, or without it, beside its living owner in another process. All of it or
   * nothing, durable when it returns RECKONER_OK; the owner's readers see it once refreshed, and
   * its commits wait for it, and never fail for it. One thread at a time, beside commits. */
  reckoner_status (*commit_beside)(reckoner_store*, const reckoner_batch*, reckoner_error*);
  /* As committed; after RECKONER_IN_DOUBT: whether it was. */
  reckoner_status (*shard_state)(reckoner_store*, uint32_t shard, reckoner_shard_state*,
                                 reckoner_error*);

  /* A reader sees the store as it was when it was opened or last refreshed. Any number; each used
   * by one thread at a time, beside commits. */
  reckoner_status (*open_reader)(reckoner_store*, reckoner_reader**, reckoner_error*);
  void (*close_reader)(reckoner_reader*);
  reckoner_status (*refresh)(reckoner_reader*, reckoner_error*);
  /* Calls back once, or not at all where there is no such key. */
  reckoner_status (*get)(reckoner_reader*, uint32_t table, reckoner_bytes key, reckoner_on_row,
                         void* context, reckoner_error*);
  /* Rows in order of key, from the first that is not before `from`. */
  reckoner_status (*scan)(reckoner_reader*, uint32_t table, reckoner_bytes from, reckoner_on_row,
                          void* context, reckoner_error*);
  /* Blocks of a shard in sequence, from the one that holds `from_sequence` (or the first after). */
  reckoner_status (*scan_journal)(reckoner_reader*, uint32_t shard, uint64_t from_sequence,
                                  reckoner_on_block, void* context, reckoner_error*);

  reckoner_status (*info)(reckoner_store*, reckoner_store_info*, reckoner_error*);
  /* Brings an older schema up to date, under the lock; each step whole or not at all, and none by a
   * handle that lost the lock to another: RECKONER_FENCED. */
  reckoner_status (*migrate)(reckoner_store*, reckoner_on_progress, void* context, reckoner_error*);
  /* The database's own check of itself: reports damage, if there is any. */
  reckoner_status (*check)(reckoner_store*, reckoner_on_damage, void* context, reckoner_error*);
} reckoner_storage_plugin;

/* What a plugin exports. `host_version`: RECKONER_STORAGE_CONTRACT_VERSION of the host. */
typedef reckoner_status (*reckoner_storage_plugin_function)(uint32_t host_version,
                                                            reckoner_storage_plugin*,
                                                            reckoner_error*);
#if defined(__GNUC__)
#define RECKONER_EXPORT __attribute__((visibility("default")))
#else
#define RECKONER_EXPORT
#endif
RECKONER_EXPORT reckoner_status reckoner_storage_plugin_v1(uint32_t host_version,
                                                           reckoner_storage_plugin* plugin,
                                                           reckoner_error* error);

#ifdef __cplusplus
}
#endif
#endif

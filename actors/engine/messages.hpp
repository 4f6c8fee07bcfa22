// What actors tell each other. Only within this process, and never to anybody who is not named
// here: so no message is ever written as bytes.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <functional>
#include <memory>
#include <string>

#include "actors/engine/commit.hpp"
#include "actors/engine/directory.hpp"
#include "actors/engine/request.hpp"
#include "storage/customers/live_customer.hpp"

namespace reckoner::actors {

// To the lane.
struct Submit {
  RequestPtr request;
};
struct CommitNow {};     // from itself: behind all that came in meanwhile
struct AdmitWaiting {};  // from itself, after a commit
struct Tick {};
struct RunThere {  // whatever is to be done in the lane's own turn
  std::function<void()> run;
};
struct Handed {
  SlotPtr slot;
  std::shared_ptr<storage::HandedOver> rows;
};
// Wakes the customer if it sleeps, for a message that goes to it next.
struct Wake {
  std::string customer_id;
  // In the lane's turn. The slot is null where there is no such customer, or it cannot be read.
  std::function<void(const SlotPtr& slot, const storage::StoreError* failed)> then;
};
// Writes all that follows from what came before. `done` is told what stood in the way.
struct WriteAll {
  std::function<void(storage::StoreStatus)> done;
  bool and_end = false;  // nothing is accepted after it; the key log is written, too
};

// It is to go, once it has done what came before: an exit would overtake that, and whoever asked
// would never be told.
struct Leave {};

// Only on the deterministic scheduler.
struct ChangeBook {
  std::optional<Instant> from;
  const Book* book;
  Status* done;
};

// To a customer.
struct ApplyEntries {
  std::shared_ptr<const Commit> commit;
  std::uint32_t first;
};
struct HandOver {
  SlotPtr slot;
};
struct Look {
  // `customer` is null while its first entry is still on its way. `unwritten`: what has left its
  // state and is in no table yet.
  std::function<void(storage::LiveCustomer* customer, const ClosedRows::Rows& unwritten)> look;
};
struct AskLeave {  // may this request go ahead?
  std::int64_t tokens;
  OnAuthorized on_authorized;
};

// To the reader.
struct Read {
  std::function<void(storage::StoreStatus failed, storage::Reader* reader)> read;
};

}  // namespace reckoner::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reckoner::actors::Submit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reckoner::actors::CommitNow)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reckoner::actors::AdmitWaiting)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reckoner::actors::Tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reckoner::actors::RunThere)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reckoner::actors::Handed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reckoner::actors::Wake)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reckoner::actors::WriteAll)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reckoner::actors::Leave)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reckoner::actors::ChangeBook)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reckoner::actors::ApplyEntries)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reckoner::actors::HandOver)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reckoner::actors::Look)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reckoner::actors::AskLeave)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reckoner::actors::Read)

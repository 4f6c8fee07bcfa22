// The part of the model that takes money.
#include <algorithm>
#include <charconv>

#include "engine/basics/ids.hpp"
#include "engine/json/json_line.hpp"
#include "sim/sandbox/model.hpp"
#include "sim/sandbox/object_json.hpp"
#include "sim/sandbox/query.hpp"

namespace reckoner::sim::sandbox {
namespace {

// So that the sum of all charges stays exact, however many there are.
constexpr Money kMostForOneCharge{kPicoPerUsd * 1'000'000'000};
constexpr std::uint32_t kMostOnAPage = 100;

// Polar's pages: those of 0, and what is no number, are the default; too large is cut.
std::uint32_t page_value(std::string_view query, std::string_view name, std::uint32_t otherwise,
                         std::uint32_t most) {
  const auto text = query_value(query, name);
  std::uint32_t value = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return std::min(value == 0 ? otherwise : value, most);
}

bool same_content(const Charge& held, const Charge& asked) {
  return held.amount == asked.amount && held.description == asked.description &&
         held.type == asked.type && held.metadata == asked.metadata;
}

}  // namespace

std::optional<Model::AskedCharge> Model::read_charge(Call& call) const {
  const auto fields =
      read_body(call, {"customer_id", "amount_usd", "description", "type", "currency", "metadata"});
  if (!fields) return std::nullopt;
  const auto refused = [&](std::string_view detail) {
    call.refuse_field(detail);
    return std::nullopt;
  };
  AskedCharge out;
  out.customer_id = fields->id("customer_id");
  if (out.customer_id.empty()) return refused("customer_id is missing or no id");
  if (options_.strict && held_.customer(out.customer_id) == nullptr)
    return refused("there is no customer " + out.customer_id);
  const auto amount = fields->money("amount_usd");
  if (!amount || *amount <= Money{} || *amount > kMostForOneCharge)
    return refused("amount_usd takes an amount above 0, up to 1000000000, with up to 12 decimals");
  if (options_.strict && fields->find("amount_usd")->kind != Field::Kind::number)
    return refused("amount_usd is a string; it takes a number");
  if (options_.strict && amount->pico % kPicoPerCent != 0)
    return refused("amount_usd has fractions of a cent");
  if (fields->find("currency") != nullptr && fold_case(fields->string("currency")) != "usd")
    return refused("currency takes USD");
  for (const char* needed : {"description", "type", "currency"})
    if (options_.strict && fields->string(needed).empty())
      return refused(std::string(needed) + " is missing");
  const std::string* key = call.request.header("idempotency-key");
  if (key != nullptr && !is_valid_id(*key)) return refused("Idempotency-Key is no id");
  out.charge.amount = *amount;
  out.charge.description = fields->string("description");
  out.charge.type = fields->string("type");
  out.charge.metadata = fields->object("metadata");
  out.charge.created = call.now;
  if (key != nullptr) out.charge.key = *key;
  out.charge.requests = 1;
  return out;
}

void Model::post_charge(Call& call) {
  auto asked = read_charge(call);
  if (!asked) return;
  if (!asked->charge.key.empty())
    if (const auto before = held_.charge_with_key(asked->charge.key))
      return repeat_charge(call, *before, *asked);
  const std::uint32_t number = held_.add_charge(std::move(asked->charge), asked->customer_id);
  call.out.taken_charge = number;
  call.say(201, charge_json(held_, number));
}

void Model::repeat_charge(Call& call, std::uint32_t number, const AskedCharge& asked) {
  const Charge& held = held_.charges()[number];
  const bool same =
      same_content(held, asked.charge) && held_.customer_of(held) == asked.customer_id;
  held_.repeat_charge(number, !same);
  if (!same)
    return call.refuse(
        409, "IdempotencyConflict",
        "this Idempotency-Key was used for " + held_.charge_id(number) + ", with other content");
  call.say(200, charge_json(held_, number));
  call.out.response.headers.emplace_back("Idempotent-Replayed", "true");
}

void Model::get_charge(Call& call) {
  const auto number = held_.charge_with_id(call.id);
  if (!number) return call.refuse(404, "ResourceNotFound", "there is no charge " + call.id);
  call.say(200, charge_json(held_, *number));
}

// Newest first. ?idempotency_key=, ?customer_id=, ?limit=, ?page=.
void Model::list_charges(Call& call) {
  const std::string& query = call.request.query;
  const auto key = query_value(query, "idempotency_key");
  const auto customer_id = query_value(query, "customer_id");
  const std::uint32_t limit = page_value(query, "limit", 10, kMostOnAPage);
  const std::uint32_t page = page_value(query, "page", 1, ~std::uint32_t{0});
  const std::uint64_t skipped = std::uint64_t(page - 1) * limit;
  std::vector<std::uint32_t> found;
  std::uint64_t total = 0;
  const auto find = [&](std::uint32_t number) {
    if (total >= skipped && total < skipped + limit) found.push_back(number);
    ++total;
  };
  const auto& charges = held_.charges();
  if (key) {
    const auto number = held_.charge_with_key(*key);
    if (number && (!customer_id || held_.customer_of(charges[*number]) == *customer_id))
      find(*number);
  } else if (customer_id) {
    const Payer* payer = held_.payer(*customer_id);
    for (std::uint32_t number = payer == nullptr ? Charge::kNone : payer->last;
         number != Charge::kNone; number = charges[number].before)
      find(number);
  } else {
    total = charges.size();
    for (std::uint64_t i = skipped; i < std::min(skipped + limit, total); ++i)
      found.push_back(static_cast<std::uint32_t>(total - 1 - i));
  }
  std::string body = "{\"items\":[";
  for (const std::uint32_t number : found)
    body += (body.back() == '[' ? "" : ",") + charge_json(held_, number);
  body += "],\"pagination\":{\"total_count\":" + std::to_string(total) +
          ",\"max_page\":" + std::to_string((total + limit - 1) / limit) + "}}";
  call.say(200, std::move(body));
}

}  // namespace reckoner::sim::sandbox

// What one customer takes: linked, a subscription, 3 periods, 5 open charges.
#pragma once

namespace reckoner::bench {

void print_customer_size();

}  // namespace reckoner::bench

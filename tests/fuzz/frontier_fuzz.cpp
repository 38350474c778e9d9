// Whatever bytes stand where the tree's edge should be: they are refused, or they are the only
// bytes of an edge that can grow.

#include "events/base/check.h"
#include "events/log/merkle.h"

#include <cstddef>
#include <cstdint>
#include <limits>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace events;
  Result<Frontier> frontier = Frontier::decode(ByteView(data, size));
  if (!frontier) return 0;
  CHECK(frontier->encode() == Bytes(data, data + size), "an edge has one encoding");
  CHECK(size <= Frontier::encoded_bytes_max, "64 subtrees at most");
  const Digest before = frontier->root();
  if (frontier->size() == std::numeric_limits<std::uint64_t>::max()) return 0;
  frontier->append(leaf_hash({}));
  CHECK(frontier->root() != before, "another leaf is another tree");
  return 0;
}

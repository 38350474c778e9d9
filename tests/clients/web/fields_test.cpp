#include "clients/web/bindings/fields.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace clients::web {
namespace {

events::Bytes field(std::string_view name, std::string_view value) {
  events::Bytes bytes{static_cast<std::uint8_t>(name.size()), 0};
  events::append_bytes(bytes, events::bytes_of(name));
  bytes.push_back(static_cast<std::uint8_t>(value.size()));
  bytes.insert(bytes.end(), 3, 0);
  events::append_bytes(bytes, events::bytes_of(value));
  return bytes;
}

TEST(Fields, AreReadByName) {
  events::Bytes bytes = field("name", "Lò Thị Ánh");
  for (const char* score : {"8", "7,5"}) events::append_bytes(bytes, field("score", score));
  events::append_bytes(bytes, field("dry", "1"));
  const auto fields = Fields::read(bytes);
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->text("name"), "Lò Thị Ánh");
  EXPECT_EQ(fields->all("score"), (std::vector<std::string>{"8", "7,5"}));
  EXPECT_TRUE(fields->flag("dry"));
  EXPECT_EQ(fields->text("birth"), "") << "nothing was said";
  EXPECT_FALSE(fields->has("birth"));
}

TEST(Fields, ALengthBehindTheEndIsRefusedAtEachByte) {
  const events::Bytes whole = field("name", "Lò");
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const auto cut = Fields::read(events::ByteView(whole).first(size));
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().code, events::ErrorCode::malformed);
  }
  EXPECT_TRUE(Fields::read({})) << "no fields";
}

TEST(Fields, ANumberIsDecimalAndNothingElse) {
  events::Bytes bytes = field("now", "1764478800000");
  events::append_bytes(bytes, field("skip", "12x"));
  const auto fields = Fields::read(bytes);
  EXPECT_EQ(*fields->number("now"), 1'764'478'800'000U);
  EXPECT_FALSE(fields->number("skip"));
  EXPECT_EQ(*fields->number("rows"), 0U) << "not said";
}

}  // namespace
}  // namespace clients::web

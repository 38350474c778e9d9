#include "server/base/entity_tags.h"

#include <gtest/gtest.h>

namespace server {
namespace {

TEST(EntityTags, IsNamedInAListWeakOrByAStar) {
  EXPECT_TRUE(names_etag("\"a\"", "\"a\""));
  EXPECT_TRUE(names_etag("\"b\", W/\"a\"", "\"a\""));
  EXPECT_TRUE(names_etag("*", "\"a\""));
  EXPECT_FALSE(names_etag("\"b\",\"ab\"", "\"a\""));
  EXPECT_FALSE(names_etag("", "\"a\""));
}

}  // namespace
}  // namespace server

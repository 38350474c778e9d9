#include "clients/core/acts/nearest.h"

#include <gtest/gtest.h>

namespace clients {
namespace {

const std::vector<std::string> hamlets = {"Bản Hồng Líu", "Bản Nà Tấu", "Bản Nà Láo", "Bản Nà Tấu"};

// Somebody who types without marks was told to synchronise, and there was nothing to come.
TEST(Nearest, FindsWhatWasTypedWithoutMarksOrWithASlip) {
  EXPECT_EQ(nearest("ban hong liu", hamlets, 3).front(), "Bản Hồng Líu");
  EXPECT_EQ(nearest("Bản Hồng Lìu", hamlets, 3).front(), "Bản Hồng Líu");
  EXPECT_EQ(nearest("bản nà tâu", hamlets, 1), (std::vector<std::string>{"Bản Nà Tấu"}));
  const std::vector<std::string> commands = {"register", "register-collective", "release"};
  EXPECT_EQ(nearest("regsiter", commands, 3).front(), "register");
}

TEST(Nearest, SaysNothingWhereNothingIsNear) {
  EXPECT_TRUE(nearest("Xã Mường Nhé", hamlets, 3).empty());
  EXPECT_TRUE(nearest("", hamlets, 3).empty());
  EXPECT_EQ(did_you_mean_vi("zzzz", hamlets), "");
}

TEST(Nearest, NamesEachOnceTheNearestFirst) {
  EXPECT_EQ(did_you_mean_vi("ban na tau", hamlets), " Có phải “Bản Nà Tấu”, “Bản Nà Láo”?");
}

}  // namespace
}  // namespace clients

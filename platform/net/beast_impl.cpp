// Beast is compiled here, once; every other source sees declarations only.  A program without a
// connection, such as the audit, leaves it out.
#include <boost/beast/src.hpp>

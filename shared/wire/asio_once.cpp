// The one translation unit that holds the code of Asio and Beast; everywhere else only their declarations are compiled.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>

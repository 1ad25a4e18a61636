"""An edition to the contents of its pages, made once, when it is published; without Django."""

"""Writers of the problem picture and of the working copy, one format a module."""

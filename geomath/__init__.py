"""Pure maths of the registry: grids, zones, exposure, distances, tiles, classes.

Arrays, shapes and numbers in; arrays and dataclasses out. Opens no file, knows no Django.
Every position is (longitude, latitude) in degrees, EPSG:4326; every distance is in metres
over the ground. docs/exposure-method.md explains the formulas and how exact they are.
"""
